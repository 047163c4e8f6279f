"""Certificates of every kind in CMP messages: those nobody knows stop nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from lockwright.certificates.asn1 import node, nodes
from lockwright.enrol.ca import cmp
from lockwright.enrol.ca.cmp_der import explicit, integer, octets
from lockwright.enrol.ca.cmp_macs import Pbm
from lockwright.enrol.ca.cmp_messages import Transaction
from lockwright.enrol.ca.cmp_orders import cert_conf
from lockwright.enrol.ca.cmp_protection import OldKeySignature, PasswordMac, Protection
from lockwright.enrol.ca.cmp_reading import taken_apart
from lockwright.enrol.trust import der
from lockwright.models import CaOrder, CaProfile, Issued
from lockwright.pkcs11.der import NULL, SEQUENCE, encode
from lockwright.secret import Secret
from lockwright_testkit.bank import LOGIN, PASSWORD
from lockwright_testkit.est_server import Asked, EstServer, Reply
from lockwright_testkit.memory_keys import Keys
from lockwright_testkit.odd_signatures import issued_by
from lockwright_testkit.pki import TestCa

CORPUS = Path(__file__).parents[3] / "tests/corpus/certificates"
KINDS = {file.stem: node(file.read_bytes()).whole for file in sorted(CORPUS.glob("*.der"))}
PKIXCMP = {"Content-Type": "application/pkixcmp"}
CERT_CONF, CONFIRMED = 24, explicit(19, NULL)
ATTRIBUTE_CERTIFICATE = encode(SEQUENCE, encode(0xA1, b"\x04\x01x"))
"""Nothing that any reader takes for a certificate."""


def asked_at(server: EstServer) -> CaProfile:
    anchors = (der(server.ca.certificate),)
    return CaProfile("bank", "cmp", f"{server.url}/pkix", anchors=anchors, deadline=20)


class OddCa:
    """A CMP server that sends certificates of other kinds along with the one that is ordered.

    Args:
        ca: the CA.
        issued: what it issues, DER.
        others: what goes with it, before and behind, DER.
        signs: whether a signature protects its answers; otherwise the password does.
    """

    def __init__(
        self, ca: TestCa, issued: bytes, *others: bytes, signs: bool = False, kind: int = 3
    ) -> None:
        self.confirmed: list[bytes] = []
        self._ca, self._issued, self._others, self._signs = ca, issued, others, signs
        self._kind = kind

    def __call__(self, asked: Asked) -> Reply:
        message = taken_apart(asked.body)
        name = self._ca.certificate.subject.public_bytes()
        transaction = Transaction(name, name, self._protection())
        transaction.id, transaction.theirs = message.transaction, message.sender_nonce
        if message.kind == CERT_CONF:
            self.confirmed.append(asked.body)
            return Reply(200, transaction.message(CONFIRMED), PKIXCMP)
        granted = encode(SEQUENCE, explicit(0, self._issued))
        response = encode(SEQUENCE, integer(0), encode(SEQUENCE, integer(0)), granted)
        published = explicit(1, encode(SEQUENCE, *self._others)) if self._others else b""
        body = explicit(self._kind, encode(SEQUENCE, published, encode(SEQUENCE, response)))
        return Reply(200, transaction.message(body), PKIXCMP)

    def _protection(self) -> Protection:
        if self._signs:
            made: Protection = OldKeySignature(der(self._ca.certificate), self._ca.key, [])
        else:
            made = PasswordMac(LOGIN, Secret(PASSWORD), Pbm(b"salt"))
        made.extra = (*self._others, *made.extra, *self._others)
        return made


@pytest.mark.parametrize("signs", [False, True], ids=["by password", "signed"])
@pytest.mark.parametrize("others", [*KINDS.values(), ATTRIBUTE_CERTIFICATE, b"\x05\x00"])
def test_certificates_of_any_kind_may_come_along(
    server: EstServer,
    ca: TestCa,
    key: ec.EllipticCurvePrivateKey,
    order: CaOrder,
    keys: Keys,
    others: bytes,
    *,
    signs: bool,
) -> None:
    issued = der(ca.issue(key.public_key()))
    server.instead = OddCa(ca, issued, others, signs=signs)
    answer = cmp.lockwright_ca_enrol(asked_at(server), order, Secret(PASSWORD), keys)
    assert isinstance(answer, Issued)
    assert answer.certificate == issued
    assert others in answer.chain


@pytest.mark.parametrize("others", KINDS.values(), ids=KINDS)
def test_they_stop_no_renewal(
    server: EstServer,
    ca: TestCa,
    key: ec.EllipticCurvePrivateKey,
    order: CaOrder,
    others: bytes,
) -> None:
    issued = der(ca.issue(key.public_key()))
    server.instead = OddCa(ca, issued, others, signs=True, kind=8)
    renewal = CaOrder(order.request, renews=issued)
    answer = cmp.lockwright_ca_renew(asked_at(server), renewal, Keys(key, key))
    assert isinstance(answer, Issued)
    assert answer.certificate == issued


@pytest.mark.parametrize("issued", KINDS.values(), ids=KINDS)
def test_what_is_issued_for_another_key_is_declined_of_whatever_kind_it_is(
    server: EstServer, ca: TestCa, order: CaOrder, keys: Keys, issued: bytes
) -> None:
    odd = OddCa(ca, issued)
    server.instead = odd
    answer = cmp.lockwright_ca_enrol(asked_at(server), order, Secret(PASSWORD), keys)
    assert isinstance(answer, Issued)
    assert answer.certificate == issued  # the core refuses it
    assert integer(2) in odd.confirmed[0]


# --- how a certificate is confirmed ---------------------------------------------------------------

SHA256, SHA512, SHAKE256 = (
    bytes.fromhex(f"0609608648016503040{each}") for each in ("201", "203", "20c")
)


def status_in(body: bytes) -> list[bytes]:
    """The parts of the one CertStatus in a ``certConf``."""
    content = next(nodes(next(nodes(body)).content))
    return [each.whole for each in nodes(next(nodes(content.content)).content)]


def test_the_hash_of_a_certificate_is_that_of_its_signature() -> None:
    key, own = rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())
    pss = padding.PSS(padding.MGF1(hashes.SHA384()), padding.PSS.DIGEST_LENGTH)
    for certificate in (issued_by(key, own), issued_by(key, own, rsa_padding=pss)):
        body, version = cert_conf(certificate, 0, accepted=True)
        expected = [octets(hashlib.sha384(certificate).digest()), integer(0)]
        assert (status_in(body), version) == (expected, 2)


@pytest.mark.parametrize(
    ("certificate", "name", "digest"),
    [
        (KINDS["ed25519"], SHA512, hashlib.sha512),
        (KINDS["gost2012-256-tc26-a"], SHA256, hashlib.sha256),
        (KINDS["ec-under-gost"], SHA256, hashlib.sha256),
        (KINDS["sm2"], SHA256, hashlib.sha256),
    ],
)
def test_where_the_signature_names_no_hash_the_message_does(
    certificate: bytes, name: bytes, digest: Callable[[bytes], Any]
) -> None:
    """RFC 9810, 5.3.18: only a message of the newer version may say it."""
    body, version = cert_conf(certificate, -1, accepted=True)
    said = [octets(digest(certificate).digest()), integer(-1)]
    assert status_in(body) == [*said, explicit(0, encode(SEQUENCE, name))]
    assert version == 3


def test_ed448_is_confirmed_by_64_octets_of_shake256() -> None:
    certificate = KINDS["ed448"]
    body, _version = cert_conf(certificate, 0, accepted=True)
    hashed = octets(hashlib.shake_256(certificate).digest(64))
    assert status_in(body) == [hashed, integer(0), explicit(0, encode(SEQUENCE, SHAKE256))]
