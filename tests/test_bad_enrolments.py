"""CAs that misbehave, at the command line: one clear error each, and nothing is lost or changed."""

from __future__ import annotations

import base64
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright_testkit.containers import container
from lockwright_testkit.customer import Customer
from lockwright_testkit.est_server import PKCS7, Asked, EstServer, Reply, certs_only
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.program import Ended
from lockwright_testkit.softhsm import SoftHSM

LOGIN, OTP = "anna", "Maple-Drum-77"
CORPUS = Path(__file__).parent / "corpus" / "certificates"
MIB = 1024 * 1024
SECONDS = 5
"""A CA is waited for where it is silent; time enough for a busy machine to ask it."""
CERTIFICATE_KEPT = "The certificate that the CA issued is kept"
ECDSA_SHA256 = bytes.fromhex("2a8648ce3d040302")
SM2_SM3 = bytes.fromhex("2a811ccf55018375")
"""Algorithms of signatures as DER has them: of the test CA, and one that is not known here."""
Issue = Callable[[x509.CertificateSigningRequest], x509.Certificate]


@pytest.fixture
def server() -> Iterator[EstServer]:
    with EstServer(TestCa.root(), {LOGIN: OTP}) as running:
        yield running


@pytest.fixture
def customer(softhsm: SoftHSM, server: EstServer, tmp_path: Path) -> Iterator[Customer]:
    """A customer whose token, with a certificate on it, is in the end as it was."""
    softhsm.add_token("Anna Petrova")
    container(server.ca, "CN=first,O=Bank")
    made = Customer(tmp_path)
    (tmp_path / "ca.pem").write_bytes(pem(server.ca.certificate))
    goes_to(made, server.url)
    before = made.state()
    yield made
    assert made.state() == before


def goes_to(
    customer: Customer, url: str, *, trust: str = "ca.pem", key_type: str = "ec:p256"
) -> None:
    """Have the program look for the CA at an address, trust it there, and make such keys."""
    settings = {
        "url": url,
        "trust": [str(customer.program.home / trust)],
        "subject": "CN={login},O=Bank",
        "key_type": key_type,
    }
    customer.configure({"bank": settings}, f"[deadlines]\nca = {SECONDS}")


def told(ended: Ended, name: str, words: str, cost: str) -> None:
    """It is this error, with these words, and says what it cost and what to do."""
    assert ended.err == ""
    assert ended.error["code"] == name, ended.out
    assert words in ended.error["message"]
    assert cost in ended.error["cost"]
    assert ended.error["advice"]
    assert "Traceback" not in ended.out


# --- whom not to ask: no key is made, and no password is sent ---------------------------------


def test_a_server_of_another_name(customer: Customer, server: EstServer) -> None:
    with EstServer(server.ca, {LOGIN: OTP}, names=("elsewhere.example",)) as elsewhere:
        goes_to(customer, elsewhere.url)
        ended = customer.enrol("bank", LOGIN, OTP)
        asked = elsewhere.asked

    told(ended, "ca-name-mismatch", "for another name", "nothing on the token was changed")
    assert asked == []


def test_a_server_that_is_not_trusted(customer: Customer, server: EstServer) -> None:
    (customer.program.home / "other.pem").write_bytes(pem(TestCa.root("CN=Other").certificate))
    goes_to(customer, server.url, trust="other.pem")

    ended = customer.enrol("bank", LOGIN, OTP)

    told(ended, "ca-server-untrusted", "is not trusted", "nothing on the token was changed")
    assert server.asked == []


def test_plain_http(customer: Customer, server: EstServer) -> None:
    goes_to(customer, f"http://localhost:{server.port}")

    ended = customer.enrol("bank", LOGIN, OTP)

    told(ended, "ca-not-secure", "must begin with https://", "nothing on the token was changed")
    assert server.asked == []


def test_a_weak_key(customer: Customer, server: EstServer) -> None:
    goes_to(customer, server.url, key_type="rsa:1024")

    ended = customer.enrol("bank", LOGIN, OTP)

    told(ended, "not-supported", "rsa:1024", "nothing on the token was changed")
    assert {asked.method for asked in server.asked} == {"GET"}


# --- certificates that are not the right one: they are not written; only another key's is hopeless


def issuing(server: EstServer, issue: Issue) -> None:
    """Have the server answer with a certificate of the test's choice."""

    def answer(asked: Asked) -> Reply | None:
        if asked.operation != "simpleenroll":
            return None
        return certs_only(issue(x509.load_der_x509_csr(base64.b64decode(asked.body))))

    server.instead = answer


def test_a_certificate_for_another_key(customer: Customer, server: EstServer) -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    issuing(server, lambda _request: server.ca.issue(other))

    ended = customer.enrol("bank", LOGIN, OTP)

    told(ended, "certificate-for-another-key", "key", "nothing on the token was changed")


def test_a_chain_that_leads_elsewhere(customer: Customer, server: EstServer) -> None:
    stranger = TestCa.root("CN=Stranger")
    issuing(server, lambda request: stranger.issue(request.public_key(), f"CN={LOGIN},O=Bank"))

    ended = customer.enrol("bank", LOGIN, OTP)

    told(ended, "certificate-untrusted", "trust", CERTIFICATE_KEPT)
    assert customer.unfinished()[0]["step"] == "checking"
    assert customer.abandon().code == 0


@pytest.mark.parametrize("file", ["gost2012-256-tc26-a", "ec-under-gost", "sm2"])
def test_a_certificate_of_an_unknown_kind_for_another_key(
    customer: Customer, server: EstServer, file: str
) -> None:
    der = (CORPUS / f"{file}.der").read_bytes()
    issuing(server, lambda _request: x509.load_der_x509_certificate(der))

    ended = customer.enrol("bank", LOGIN, OTP)

    told(ended, "certificate-for-another-key", "key", "nothing on the token was changed")


def test_a_certificate_that_cannot_be_checked(customer: Customer, server: EstServer) -> None:
    """It is for the new key, but its signature says that it is one of SM2."""

    def issue(request: x509.CertificateSigningRequest) -> x509.Certificate:
        der = server.ca.issue(request.public_key()).public_bytes(Encoding.DER)
        return x509.load_der_x509_certificate(der.replace(ECDSA_SHA256, SM2_SM3))

    issuing(server, issue)

    ended = customer.enrol("bank", LOGIN, OTP)

    told(ended, "certificate-unsupported", "SM2", CERTIFICATE_KEPT)
    assert customer.abandon().code == 0


def test_a_ca_of_version_2_in_the_answer(customer: Customer, server: EstServer) -> None:
    pem_file, bundle = customer.program.home / "v2.pem", customer.program.home / "v2.p7"
    der = (CORPUS / "version-2.der").read_bytes()
    pem_file.write_text(ssl.DER_cert_to_PEM_cert(der))
    subprocess.run(
        [
            "openssl",
            "crl2pkcs7",
            "-nocrl",
            "-certfile",
            pem_file,
            "-outform",
            "DER",
            "-out",
            bundle,
        ],
        check=True,
    )
    server.script("simpleenroll", as_pkcs7(base64.b64encode(bundle.read_bytes())))

    ended = customer.enrol("bank", LOGIN, OTP)

    told(ended, "ca-answer-broken", "X.509 version 2", KEY_WAITS)
    assert customer.abandon().code == 0


def test_a_trusted_ca_that_cannot_be_checked(customer: Customer, server: EstServer) -> None:
    for file in ("gost2012-512-a", "sm2"):
        der = (CORPUS / f"{file}.der").read_bytes()
        (customer.program.home / "odd.pem").write_text(ssl.DER_cert_to_PEM_cert(der))
        goes_to(customer, server.url, trust="odd.pem")

        ended = customer.enrol("bank", LOGIN, OTP)

        told(ended, "certificate-unsupported", "cannot be checked here", "nothing on the token")
    assert server.asked == []


def test_a_ca_to_be_confirmed_that_cannot_be_checked(customer: Customer, server: EstServer) -> None:
    settings = {"url": server.url, "server_trust": [str(customer.program.home / "ca.pem")]}
    customer.configure({"bank": {**settings, "subject": "CN={login}"}})
    odd = x509.load_der_x509_certificate((CORPUS / "gost2012-256-xcha.der").read_bytes())
    server.script("cacerts", certs_only(odd))

    ended = customer.enrol("bank", LOGIN, OTP)

    told(ended, "certificate-unsupported", "GOST R 34.10-2012 256 CryptoPro-XchA", "nothing on")


# --- answers that are none: whether a certificate was issued is not known, so the key waits ------


def as_pkcs7(body: bytes, *, cut: int | None = None, pause: float = 0) -> Reply:
    return Reply(200, body, {"Content-Type": PKCS7}, cut, pause)


NONE = {
    "no CMS": (as_pkcs7(base64.b64encode(b"no CMS")), "ca-answer-broken", "cannot be used"),
    "oversized": (as_pkcs7(b"A" * (MIB + 1)), "ca-answer-broken", "it is too long"),
    "slow": (as_pkcs7(b"A" * 1000, pause=0.1), "ca-silent", f"within {SECONDS} s"),
    "closes midway": (as_pkcs7(b"A" * 1000, cut=10), "ca-broke", "before its answer was complete"),
}
KEY_WAITS = "The new key pair is kept; nothing else was changed"


@pytest.mark.parametrize(("reply", "name", "words"), NONE.values(), ids=NONE)
def test_an_answer_that_is_none_can_be_undone(
    customer: Customer, server: EstServer, reply: Reply, name: str, words: str
) -> None:
    before = customer.containers()
    server.script("simpleenroll", reply)

    ended = customer.enrol("bank", LOGIN, OTP)

    told(ended, name, words, KEY_WAITS)
    (added,) = [each for each in customer.containers() if each not in before]
    assert (added["state"], customer.unfinished()[0]["step"]) == ("key-only", "sending")
    assert customer.abandon().code == 0  # after which all is as it was, as the fixture sees to


def test_an_answer_that_is_none_can_be_gone_on_from(customer: Customer, server: EstServer) -> None:
    before = customer.containers()
    reply, name, words = NONE["closes midway"]
    server.script("simpleenroll", reply)
    told(customer.enrol("bank", LOGIN, OTP), name, words, KEY_WAITS)

    ended = customer.resume(OTP)

    assert ended.code == 0, ended.out
    (added,) = [each for each in customer.containers() if each not in before]
    (certificate,) = server.issued.values()
    assert added["certificates"][0]["serial"] == f"{certificate.serial_number:x}"
    assert customer.run("delete", added["id"], "--yes", "--pin-file", "pin").code == 0
