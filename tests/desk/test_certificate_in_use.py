"""An enrolled token opens a door: nginx demands a certificate, OpenSSL signs with the token's key.

curl on OpenSSL reaches the token through the PKCS#11 engine (libp11), or through the provider that
took its place, by the very commands that the documentation shows; none of our own code takes part.
The provider is in Debian from 13 on: these tests ran there, with pkcs11-provider 1.0 and curl 8.14.
"""

from __future__ import annotations

import os
import re
import shlex
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from desk_customer import DeskCustomer
from desk_home import Server
from lockwright_testkit.nginx import Nginx
from lockwright_testkit.pki import TestCa
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.sim.simulator import Simulator
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "enrol-with-a-one-time-password.md"
DOCUMENTED = "serial=beb934dc526a1c97;object=anna"
MODULE = "/usr/lib/libeTPkcs11.so"
NAMES = ("PKCS11_MODULE_PATH", "PKCS11_PROVIDER_MODULE")
"""Where the engine and the provider look for the module."""


PROVIDER = pytest.mark.skipif(
    not [
        *Path("/usr").glob("lib/*/ossl-modules/pkcs11.so"),
        *Path("/usr").glob("lib*/ossl-modules/pkcs11.so"),
    ],
    reason="OpenSSL's pkcs11-provider is not here; Debian 13 has it",
)


@pytest.fixture
def door(desk: Server, tmp_path: Path) -> Iterator[Nginx]:
    """A server that demands a certificate of the desk's CA."""
    folder = tmp_path / "nginx"
    folder.mkdir()
    with Nginx(folder, TestCa.root("CN=Web CA"), desk.home.ca) as running:
        yield running


def enrolled(customer: DeskCustomer, login: str, profile: str) -> str:
    """Enrol; serial number of the token and label of the new container, as in a PKCS#11 URI."""
    ended = customer.enrol(profile, login, customer.desk.home.otp(login, profile, name=login))
    assert ended.code == 0, ended.out
    (container,) = customer.containers()
    return f"serial={ended.document['token']};object={container['label']}"


def visit(door: Nginx, module: Path, *options: str) -> str:
    """What curl gets, with the status behind it."""
    command = ["curl", "-sS", "-w", "%{http_code}", "--cacert", str(door.ca), *options, door.url]
    environment = os.environ | dict.fromkeys(NAMES, str(module))
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert USER_PIN not in " ".join(command)
    return done.stdout + done.stderr


def signatures(device: Simulator) -> int:
    """How many its token has made, in one call or in parts."""
    return device.counts()["C_Sign"] + device.counts().get("C_SignFinal", 0)


def with_token(customer: DeskCustomer, container: str, through: str = "ENG") -> list[str]:
    """The options of curl that the documentation shows, for this container and PIN file."""
    every = re.findall(r"^curl (.+?) https://", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    (shown,) = [each for each in every if f"--key-type {through} " in each]
    options = shown.replace("\\\n", "").replace(DOCUMENTED, container)
    return shlex.split(options.replace("file:pin", f"file:{customer.pin}"))


def test_a_key_in_softhsm_opens_the_door(
    customer: DeskCustomer, softhsm: SoftHSM, door: Nginx
) -> None:
    container = enrolled(customer, "softhsm", "client")

    answer = visit(door, softhsm.module, *with_token(customer, container))

    assert answer == "CN=softhsm,O=Bank,C=RU\n200"


@pytest.mark.parametrize(
    ("personality", "profile", "subject"),
    [
        ("etoken", "client", "CN=etoken,O=Bank,C=RU"),
        ("etoken", "rsa", "CN=etoken,OU=etoken,O=Bank"),
        ("jacarta-pki", "rsa", "CN=jacarta-pki,OU=jacarta-pki,O=Bank"),
        ("jacarta-pro", "client", "CN=jacarta-pro,O=Bank,C=RU"),
    ],
)
def test_the_key_of_a_simulated_token_opens_the_door(
    sim: SimulatorFactory,
    desk: Server,
    door: Nginx,
    tmp_path: Path,
    personality: str,
    profile: str,
    subject: str,
) -> None:
    device = sim(personality)
    customer = DeskCustomer(tmp_path, desk, device.module)
    container = enrolled(customer, personality, profile)
    before = device.counts()["C_Sign"]

    answer = visit(door, device.module, *with_token(customer, container))

    assert answer == f"{subject}\n200"
    assert device.counts()["C_Sign"] == before + 1


@PROVIDER
@pytest.mark.parametrize("profile", ["client", "rsa"])
def test_a_key_in_softhsm_opens_the_door_through_openssls_provider(
    customer: DeskCustomer, softhsm: SoftHSM, door: Nginx, profile: str
) -> None:
    container = enrolled(customer, "provider", profile)

    answer = visit(door, softhsm.module, *with_token(customer, container, "PROV"))

    assert answer.startswith("CN=provider,O")
    assert answer.endswith("\n200")


@PROVIDER
@pytest.mark.parametrize(
    ("personality", "profile"),
    [("etoken", "rsa"), ("jacarta-pki", "rsa"), ("jacarta-pro", "client")],
)
def test_the_key_of_a_simulated_token_opens_the_door_through_openssls_provider(
    sim: SimulatorFactory, desk: Server, door: Nginx, tmp_path: Path, personality: str, profile: str
) -> None:
    device = sim(personality)
    customer = DeskCustomer(tmp_path, desk, device.module)
    container = enrolled(customer, f"{personality}-provider", profile)
    before = signatures(device)

    answer = visit(door, device.module, *with_token(customer, container, "PROV"))

    assert answer.endswith("\n200")
    assert signatures(device) == before + 1


@PROVIDER
def test_openssl_signs_with_the_key_by_the_documented_configuration(
    customer: DeskCustomer, softhsm: SoftHSM, tmp_path: Path
) -> None:
    container = enrolled(customer, "openssl", "client")
    page = PAGE.read_text()
    (shown,) = re.findall(r"^# token.cnf\n(.+?)^```", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "token.cnf").write_text(shown.replace(MODULE, str(softhsm.module)))
    (signs,) = re.findall(r"^OPENSSL_CONF.+?contract.pdf$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "contract.pdf").write_bytes(b"a contract")

    script = signs.replace(DOCUMENTED, container).replace("file:pin", f"file:{customer.pin}")
    subprocess.run(["bash", "-c", script], cwd=tmp_path, check=True)

    issued = "SELECT der FROM certificates WHERE login = 'openssl'"
    with closing(sqlite3.connect(customer.desk.home.folder / "desk.db")) as database:
        ((der,),) = database.execute(issued).fetchall()
    key = x509.load_der_x509_certificate(der).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    signature = (tmp_path / "contract.sig").read_bytes()
    key.verify(signature, b"a contract", ec.ECDSA(hashes.SHA256()))


def test_without_the_token_the_door_stays_shut(
    customer: DeskCustomer, softhsm: SoftHSM, door: Nginx
) -> None:
    container = enrolled(customer, "shut", "client")

    answer = visit(door, softhsm.module)

    assert "No required SSL certificate was sent" in answer
    assert answer.endswith("400")
    assert visit(door, softhsm.module, *with_token(customer, container)).endswith("200")


def test_a_revoked_certificate_opens_no_door(
    customer: DeskCustomer, softhsm: SoftHSM, desk: Server, tmp_path: Path
) -> None:
    container = enrolled(customer, "revoked-one", "client")
    (issued,) = customer.certificates("revoked-one")
    folders = tmp_path / "before", tmp_path / "after"

    answers = []
    for folder in folders:
        folder.mkdir()
        assert desk.home.run("crl", "--out", str(folder / "crl.pem")).code == 0
        with Nginx(folder, TestCa.root(), desk.home.ca, crl=folder / "crl.pem") as door:
            answers.append(visit(door, softhsm.module, *with_token(customer, container)))
        desk.home.run("certificates", "revoke", issued["serial"])

    assert answers[0].endswith("200")
    assert "The SSL certificate error" in answers[1]
    assert answers[1].endswith("400")
