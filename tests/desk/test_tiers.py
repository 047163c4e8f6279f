"""A desk whose CA is below others, set up as the how-to says; a customer knows a fingerprint."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from desk_home import Home
from lockwright_testkit.customer import Customer
from lockwright_testkit.pki import TestCa, key_pem, pem
from lockwright_testkit.softhsm import SoftHSM

IN_A_TOKEN = """[ca.token]
module = "/usr/lib/softhsm/libsofthsm2.so"
label = "lockwright-desk"
pin_file = "ca-pin"
softhsm = "softhsm"
"""


@pytest.mark.parametrize(("tiers", "known"), [(2, "root"), (3, "root"), (3, "issuer")])
def test_a_customer_enrols_with_the_fingerprint_that_init_prints_or_that_of_any_tier(
    softhsm: SoftHSM, tmp_path: Path, tiers: int, known: str
) -> None:
    home = Home(tmp_path / "desk", changes={IN_A_TOKEN: 'key_file = "ca-key.pem"\n'})
    home.folder.mkdir()
    chain = [TestCa.root("CN=Bank Root,O=Bank,C=RU")]
    for tier in range(1, tiers):
        chain.insert(0, chain[0].intermediate(f"CN=Bank CA {tier},O=Bank,C=RU"))
    home.ca.write_bytes(pem(*(each.certificate for each in chain)))
    (home.folder / "ca-key.pem").write_bytes(key_pem(chain[0].key))
    (home.folder / "ca-key.pem").chmod(0o600)
    assert home.init().code == 0
    fingerprint = home.run("init", "--json").document["fingerprint"]
    if known == "issuer":
        fingerprint = chain[0].certificate.fingerprint(SHA256()).hex()
    softhsm.add_token("Anna Petrova")
    customer = Customer(tmp_path)
    otp = home.otp("anna", name="anna")
    with home.serving() as desk:
        subject = "CN={login},O=Bank,C=RU"
        customer.configure({"desk": {"url": desk.url, "label": "client", "subject": subject}})
        ended = customer.enrol("desk", "anna", otp, "--ca-fingerprint", fingerprint)
    assert ended.code == 0, ended.out
    (container,) = customer.containers()
    assert container["certificates"][0]["subject"] == "CN=anna,O=Bank,C=RU"
