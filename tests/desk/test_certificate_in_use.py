"""An enrolled token opens a door: nginx demands a certificate, OpenSSL signs with the token's key.

OpenSSL reaches the token through its PKCS#11 engine (libp11), as browsers and mail programs that
build on OpenSSL do; none of our own code takes part.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from desk_customer import DeskCustomer
from desk_home import Server
from lockwright_testkit.nginx import Nginx
from lockwright_testkit.pki import TestCa
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import USER_PIN, SoftHSM


@pytest.fixture
def door(desk: Server, tmp_path: Path) -> Iterator[Nginx]:
    """A server that demands a certificate of the desk's CA."""
    folder = tmp_path / "nginx"
    folder.mkdir()
    with Nginx(folder, TestCa.root("CN=Web CA"), desk.home.ca) as running:
        yield running


def enrolled(customer: DeskCustomer, login: str, profile: str) -> str:
    """Enrol; the PKCS#11 URI of the new key with its certificate."""
    ended = customer.enrol(profile, login, customer.desk.home.otp(login, profile, name=login))
    assert ended.code == 0, ended.out
    (container,) = customer.containers()
    serial, key_id = ended.document["token"], bytes.fromhex(container["id"])
    return f"pkcs11:serial={quote(serial)};id={quote(key_id, safe='')}"


def visit(door: Nginx, module: Path, *options: str) -> str:
    """What curl gets, with the status behind it."""
    command = ["curl", "-sS", "-w", "%{http_code}", "--cacert", str(door.ca), *options, door.url]
    environment = os.environ | {"PKCS11_MODULE_PATH": str(module)}
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert USER_PIN not in " ".join(command)
    return done.stdout + done.stderr


def with_token(customer: DeskCustomer, uri: str) -> tuple[str, ...]:
    """Options of curl that take certificate and key from a token; the PIN comes from a file."""
    pin = f"pin-source=file:{customer.pin}"
    certificate, key = f"{uri};type=cert?{pin}", f"{uri};type=private?{pin}"
    how = ("--engine", "pkcs11", "--cert-type", "ENG", "--key-type", "ENG")
    return (*how, "--cert", certificate, "--key", key)


def test_a_key_in_softhsm_opens_the_door(
    customer: DeskCustomer, softhsm: SoftHSM, door: Nginx
) -> None:
    uri = enrolled(customer, "softhsm", "client")

    answer = visit(door, softhsm.module, *with_token(customer, uri))

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
    uri = enrolled(customer, personality, profile)
    before = device.counts()["C_Sign"]

    answer = visit(door, device.module, *with_token(customer, uri))

    assert answer == f"{subject}\n200"
    assert device.counts()["C_Sign"] == before + 1


def test_without_the_token_the_door_stays_shut(
    customer: DeskCustomer, softhsm: SoftHSM, door: Nginx
) -> None:
    uri = enrolled(customer, "shut", "client")

    answer = visit(door, softhsm.module)

    assert "No required SSL certificate was sent" in answer
    assert answer.endswith("400")
    assert visit(door, softhsm.module, *with_token(customer, uri)).endswith("200")
