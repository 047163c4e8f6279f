"""A desk whose CA is below others, set up as the how-to says; a customer trusts any one of them."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
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
AS_A_PERSON = """
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem \\
    -subj /CN=openssl -outform DER -out r.der
openssl base64 -in r.der -out r.b64
curl -sS --cacert root.pem "$EST/cacerts" -o ca.b64
curl -sS --cacert root.pem "$EST/simpleenroll" -o issued.b64 -u "openssl:$PASSWORD" \\
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

ROOT, BETWEEN, ISSUER, OLD_ROOT, NEW_WITH_OLD, OLD_WITH_NEW = (
    "the root",
    "the one between",
    "the issuer",
    "the old root",
    "the new root by the old",
    "the old root by the new",
)


@dataclass(frozen=True)
class Pki:
    """CAs of a bank, of which one is the desk's; of the others only certificates are there."""

    issuer: TestCa
    published: Mapping[str, x509.Certificate]
    """What stands in the desk's ``ca.pem``, the issuer's first, by what it is."""


def tiers(*names: str) -> Pki:
    """CAs one below the other, the issuer first."""
    chain = [TestCa.root("CN=Bank Root,O=Bank,C=RU")]
    for name in reversed(names[:-1]):
        chain.insert(0, chain[0].intermediate(f"CN=Bank {name},O=Bank,C=RU"))
    certificates = (each.certificate for each in chain)
    return Pki(chain[0], dict(zip(names, certificates, strict=True)))


def key_changed() -> Pki:
    """A root that took a new key (RFC 4210, 4.4): both vouch for each other, the issuer is new."""
    old, new = (TestCa.root("CN=Bank Root,O=Bank,C=RU") for _each in range(2))
    issuer = new.intermediate("CN=Bank issuer,O=Bank,C=RU")
    published = {
        ISSUER: issuer.certificate,
        NEW_WITH_OLD: new.crossed(by=old),
        OLD_WITH_NEW: old.crossed(by=new),
        ROOT: new.certificate,
        OLD_ROOT: old.certificate,
    }
    return Pki(issuer, published)


class Desk:
    """A desk that serves."""

    def __init__(self, pki: Pki, server: Server, fingerprint: str) -> None:
        self.pki, self.server = pki, server
        self.fingerprint = fingerprint
        """What ``init`` prints, hex in groups."""

    def enrols(self, folder: Path, name: str, *, by_file: bool) -> None:
        """A person enrols who has a certificate as a file, or knows its fingerprint."""
        login = f"{name.replace(' ', '-')}-{by_file}"
        subject = f"CN={login},O=Bank,C=RU"
        settings: dict[str, str | list[str]] = {"url": self.server.url, "label": "client"}
        known = self.pki.published[name]
        told: tuple[str, ...] = ()
        if by_file:
            (folder / "trust.pem").write_bytes(pem(known))
            settings["trust"] = [str(folder / "trust.pem")]
        else:
            told = ("--ca-fingerprint", known.fingerprint(SHA256()).hex())
        customer = Customer(folder)
        customer.configure({"desk": {**settings, "subject": subject}})
        otp = self.server.home.otp(login, name=login)
        ended = customer.enrol("desk", login, otp, *told)
        assert ended.code == 0, ended.out


def serving(folder: Path, pki: Pki) -> Iterator[Desk]:
    home = Home(folder / "desk", changes={IN_A_TOKEN: 'key_file = "ca-key.pem"\n'})
    home.folder.mkdir()
    home.ca.write_bytes(pem(*pki.published.values()))
    (home.folder / "ca-key.pem").write_bytes(key_pem(pki.issuer.key))
    (home.folder / "ca-key.pem").chmod(0o600)
    assert home.init().code == 0
    fingerprint = home.run("init", "--json").document["fingerprint"]
    with home.serving() as running:
        yield Desk(pki, running, fingerprint)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from serving(tmp_path_factory.mktemp("two"), tiers(ISSUER, ROOT))


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from serving(tmp_path_factory.mktemp("three"), tiers(ISSUER, BETWEEN, ROOT))


@pytest.fixture(scope="module")
def crossed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from serving(tmp_path_factory.mktemp("crossed"), key_changed())


@pytest.fixture(autouse=True)
def _token(softhsm: SoftHSM) -> None:
    softhsm.add_token("Anna Petrova")


FILES = pytest.mark.parametrize("by_file", [True, False], ids=["file", "fingerprint"])


@pytest.mark.parametrize("name", [ROOT, ISSUER])
@FILES
def test_at_a_desk_of_two_tiers_a_person_trusts_either(
    two: Desk, tmp_path: Path, name: str, *, by_file: bool
) -> None:
    two.enrols(tmp_path, name, by_file=by_file)


@pytest.mark.parametrize("name", [ROOT, BETWEEN, ISSUER])
@FILES
def test_at_a_desk_of_three_tiers_a_person_trusts_any(
    three: Desk, tmp_path: Path, name: str, *, by_file: bool
) -> None:
    three.enrols(tmp_path, name, by_file=by_file)


@pytest.mark.parametrize("name", [ROOT, OLD_ROOT, NEW_WITH_OLD])
@FILES
def test_after_a_change_of_the_roots_key_a_person_trusts_the_old_or_the_new(
    crossed: Desk, tmp_path: Path, name: str, *, by_file: bool
) -> None:
    crossed.enrols(tmp_path, name, by_file=by_file)


def test_the_fingerprint_that_init_prints_is_that_of_a_root_that_signs_itself(
    two: Desk, three: Desk, crossed: Desk
) -> None:
    for desk in (two, three, crossed):
        root = desk.pki.published[ROOT].fingerprint(SHA256())
        assert bytes.fromhex(desk.fingerprint) == root


@pytest.mark.parametrize(("tiers_", "below"), [("two", 1), ("three", 2), ("crossed", 3)])
def test_openssl_and_strongswan_read_all_tiers_and_the_certificate_alone(
    request: pytest.FixtureRequest, tmp_path: Path, tiers_: str, below: int
) -> None:
    desk: Desk = request.getfixturevalue(tiers_)
    published = desk.pki.published
    (tmp_path / "root.pem").write_bytes(pem(published[ROOT]))
    otp = desk.server.home.otp("openssl", name="openssl")

    said = shell(tmp_path, AS_A_PERSON, EST=desk.server.urls[0], PASSWORD=otp)
    trusted = shell(tmp_path, AS_STRONGSWAN, EST=f"https://127.0.0.1:{desk.server.port}")

    assert len(names_in(said, "ca")) == len(published)
    assert names_in(said, "issued") == ["openssl"]
    assert said.count("d.data: <ABSENT>") == said.count("signer_info:\n      <EMPTY>") == 2
    assert "issued.pem: OK" in said
    assert "Root CA cert is trusted" in trusted
    assert trusted.count("Sub CA cert is trusted") == below, trusted


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
    """The common names of what openssl found; each release spaces them in another way."""
    return re.findall(rf"^{what}=.*CN ?= ?(.+)$", said, re.MULTILINE)
