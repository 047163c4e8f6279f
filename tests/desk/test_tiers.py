"""A desk whose CA is below others, set up as the how-to says; a customer knows a fingerprint."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from desk_home import Home, Server
from lockwright_testkit.customer import Customer
from lockwright_testkit.pki import TestCa, key_pem, pem
from lockwright_testkit.softhsm import SoftHSM

IN_A_TOKEN = """[ca.token]
module = "/usr/lib/softhsm/libsofthsm2.so"
label = "lockwright-desk"
pin_file = "ca-pin"
softhsm = "softhsm"
"""
Tiered = tuple[Server, list[TestCa]]

AS_A_PERSON = """
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem \\
    -subj /CN=anna -outform DER -out r.der
openssl base64 -in r.der -out r.b64
curl -sS --cacert root.pem "$EST/cacerts" -o ca.b64
curl -sS --cacert root.pem "$EST/simpleenroll" -o issued.b64 -u "anna:$PASSWORD" \\
    -H "Content-Type: application/pkcs10" --data-binary @r.b64
for what in ca issued; do
    openssl base64 -d -in $what.b64 -out $what.p7
    openssl pkcs7 -inform DER -in $what.p7 -noout -print | grep -A1 -e d.data: -e signer_info:
    openssl pkcs7 -inform DER -in $what.p7 -print_certs -out $what.pem
    sed "s/^subject/$what/" $what.pem
done
openssl verify -x509_strict -CAfile root.pem -untrusted ca.pem issued.pem
"""
AS_STRONGSWAN = 'pki --estca --url "$EST" --cacert root.pem --caout pki 2>&1'


@pytest.fixture(scope="module", params=[2, 3])
def tiered(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Tiered]:
    """A desk that serves, and its CAs, its own first and the root last."""
    home = Home(tmp_path_factory.mktemp("desk"), changes={IN_A_TOKEN: 'key_file = "ca-key.pem"\n'})
    chain = [TestCa.root("CN=Bank Root,O=Bank,C=RU")]
    for tier in range(1, request.param):
        chain.insert(0, chain[0].intermediate(f"CN=Bank CA {tier},O=Bank,C=RU"))
    home.ca.write_bytes(pem(*(each.certificate for each in chain)))
    (home.folder / "ca-key.pem").write_bytes(key_pem(chain[0].key))
    (home.folder / "ca-key.pem").chmod(0o600)
    assert home.init().code == 0
    with home.serving() as desk:
        yield desk, chain


@pytest.mark.parametrize("known", ["root", "issuer"])
def test_a_customer_enrols_with_the_fingerprint_that_init_prints_or_that_of_any_tier(
    softhsm: SoftHSM, tiered: Tiered, tmp_path: Path, known: str
) -> None:
    desk, chain = tiered
    fingerprint = desk.home.run("init", "--json").document["fingerprint"]
    if known == "issuer":
        fingerprint = chain[0].certificate.fingerprint(SHA256()).hex()
    softhsm.add_token("Anna Petrova")
    customer = Customer(tmp_path)
    otp = desk.home.otp("anna", name="anna")
    subject = "CN={login},O=Bank,C=RU"
    customer.configure({"desk": {"url": desk.url, "label": "client", "subject": subject}})

    ended = customer.enrol("desk", "anna", otp, "--ca-fingerprint", fingerprint)

    assert ended.code == 0, ended.out
    (container,) = customer.containers()
    assert container["certificates"][0]["subject"] == "CN=anna,O=Bank,C=RU"


def test_openssl_and_strongswan_read_all_tiers_and_the_certificate_alone(
    tiered: Tiered, tmp_path: Path
) -> None:
    desk, chain = tiered
    (tmp_path / "root.pem").write_bytes(pem(chain[-1].certificate))
    otp = desk.home.otp("anna", name="anna")

    said = shell(tmp_path, AS_A_PERSON, EST=desk.urls[0], PASSWORD=otp)
    trusted = shell(tmp_path, AS_STRONGSWAN, EST=f"https://127.0.0.1:{desk.port}")

    below = [f"Bank CA {tier}" for tier in range(1, len(chain))]
    assert sorted(names_in(said, "ca")) == [*below, "Bank Root"]
    assert names_in(said, "issued") == ["anna"]
    assert said.count("d.data: <ABSENT>") == said.count("signer_info:\n      <EMPTY>") == 2
    assert "issued.pem: OK" in said
    assert trusted.count("Sub CA cert is trusted") == len(below)
    assert "Root CA cert is trusted" in trusted


def shell(folder: Path, script: str, **environment: str) -> str:
    """What a script says."""
    done = subprocess.run(
        ["bash", "-ec", script],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def names_in(said: str, what: str) -> list[str]:
    """The common names of what openssl found; 3.5 has no blanks around the sign."""
    return re.findall(rf"^{what}=.*CN ?= ?(.+)$", said, re.MULTILINE)
