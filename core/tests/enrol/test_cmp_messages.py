"""CMP answers that are not what they should be: forged, mixed up, broken, wrongly signed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.certificates import subjects
from lockwright.enrol.ca import cmp
from lockwright.enrol.ca.cmp_answers import Noted, Waiting, answer_in
from lockwright.enrol.ca.cmp_der import explicit, integer, octets
from lockwright.enrol.ca.cmp_macs import Pbm
from lockwright.enrol.ca.cmp_messages import Transaction
from lockwright.enrol.ca.cmp_protection import OldKeySignature, PasswordMac, Protection
from lockwright.enrol.trust import der
from lockwright.errors import CaAnswerBroken, CaBroke, CaError, CaFailed
from lockwright.models import CaOrder, CaProfile, Pending, SignatureScheme
from lockwright.pkcs11.der import NULL, SEQUENCE, encode
from lockwright.secret import Secret
from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.pki import TestCa

ANNA, BANK = (subjects.parse(name).public_bytes() for name in ("CN=Anna", "CN=Bank"))
CONFIRMED = explicit(19, NULL)
HELD = explicit(23, encode(SEQUENCE, encode(SEQUENCE, integer(3))))
"""An error with the status ``waiting``: OpenSSL 3.3 and newer keep a confirmation waiting, too."""
PKIXCMP = {"Content-Type": "application/pkixcmp"}


class Keys:
    """Nobody signs here."""

    def sign_with_new(self, _scheme: SignatureScheme, _data: bytes) -> bytes:
        raise AssertionError

    sign_with_old = sign_with_new

    def keep(self, _pending: Pending) -> None:
        raise AssertionError


def mac(password: str) -> PasswordMac:
    return PasswordMac("anna", Secret(password), Pbm(b"salt"))


def pair(ours: Protection, theirs: Protection) -> tuple[Transaction, Transaction]:
    """A client that has asked, and a CA that is about to answer."""
    client, ca = Transaction(ANNA, BANK, ours), Transaction(BANK, ANNA, theirs)
    client.message(CONFIRMED)
    ca.id, ca.theirs = client.id, client.ours
    return client, ca


def test_an_answer_with_the_same_password_is_accepted() -> None:
    client, ca = pair(mac("right"), mac("right"))
    assert answer_in(client.read(ca.message(CONFIRMED))) == Noted()
    assert client.theirs == ca.ours


def test_an_answer_with_another_password_is_not() -> None:
    client, ca = pair(mac("right"), mac("wrong"))
    with pytest.raises(ValueError, match="does not match the one-time password"):
        client.read(ca.message(CONFIRMED))


@pytest.fixture(scope="module")
def answered() -> tuple[Transaction, bytes]:
    """A client that has asked, and the right answer; what is not accepted changes neither."""
    client, ca = pair(mac("right"), mac("right"))
    return client, ca.message(CONFIRMED)


@pytest.mark.parametrize("at", range(20, 200, 7))
def test_an_answer_that_was_changed_is_not_accepted(
    answered: tuple[Transaction, bytes], at: int
) -> None:
    client, right = answered
    message = bytearray(right)
    message[at] ^= 1
    with pytest.raises(ValueError, match=r"^its? "):
        client.read(bytes(message))


def test_an_answer_to_another_message_or_transaction_is_not_accepted() -> None:
    client, ca = pair(mac("right"), mac("right"))
    ca.theirs = b"another"
    with pytest.raises(ValueError, match="another message"):
        client.read(ca.message(CONFIRMED))
    ca.id = b"another"
    with pytest.raises(ValueError, match="another transaction"):
        client.read(ca.message(CONFIRMED))


def test_any_message_may_be_kept_waiting() -> None:
    client, ca = pair(mac("right"), mac("right"))
    held = ca.message(HELD)
    assert answer_in(client.read(held)) == Waiting(request_id=-1, seconds=None, text="")
    client.require_authentic()


def test_nobody_but_the_ca_can_keep_us_waiting() -> None:
    client, ca = pair(mac("right"), mac("wrong"))
    client.read(ca.message(HELD))
    with pytest.raises(ValueError, match="does not match the one-time password"):
        client.require_authentic()


def signature(
    ca: TestCa, signer: x509.Certificate, key: ec.EllipticCurvePrivateKey
) -> OldKeySignature:
    return OldKeySignature(der(signer), key, [ca.certificate])


def test_a_ca_or_who_speaks_for_it_may_sign(ca: TestCa) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    anna = ca.issue(key.public_key())
    speaker = ca.speaker()
    for signer in ((ca.certificate, ca.key), (speaker.certificate, speaker.key)):
        client, server = pair(signature(ca, anna, key), signature(ca, *signer))
        assert answer_in(client.read(server.message(CONFIRMED))) == Noted()


def test_another_customer_of_the_same_ca_may_not_sign_for_it(ca: TestCa) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    anna = ca.issue(key.public_key())
    client, server = pair(signature(ca, anna, key), signature(ca, anna, key))
    with pytest.raises(ValueError, match="may not speak"):
        client.read(server.message(CONFIRMED))


def test_a_stranger_may_not_sign(ca: TestCa) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    stranger = TestCa.root("CN=Stranger").speaker()
    client, server = pair(
        signature(ca, ca.issue(key.public_key()), key),
        signature(ca, stranger.certificate, stranger.key),
    )
    with pytest.raises(ValueError, match="not trusted"):
        client.read(server.message(CONFIRMED))


# --- over the wire -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(200, b"junk", PKIXCMP), CaAnswerBroken),
        (Reply(200, b"", PKIXCMP), CaAnswerBroken),
        (Reply(200, b"junk", {"Content-Type": "text/html"}), CaAnswerBroken),
        (Reply(200, b"\x30\x03\x02\x01\x02", PKIXCMP), CaAnswerBroken),
        (Reply(302, b"", {"Location": "https://elsewhere.example/"}), CaAnswerBroken),
        (Reply(404), CaAnswerBroken),
        (Reply(429), CaFailed),
        (Reply(503), CaFailed),
        (Reply(200, b"x" * 1_100_000, PKIXCMP), CaAnswerBroken),
        (Reply(200, b"x" * 100, PKIXCMP, cut=10), CaBroke),
    ],
)
def test_what_is_no_answer_is_told(
    server: EstServer, profile: CaProfile, order: CaOrder, reply: Reply, error: type[CaError]
) -> None:
    server.script("pkix", reply)
    its = CaProfile("bank", "cmp", f"{server.url}/pkix", anchors=profile.anchors)
    with pytest.raises(error):
        cmp.lockwright_ca_enrol(its, order, Secret("otp"), Keys())


def test_asking_again_later_goes_on_with_the_transaction(
    server: EstServer, profile: CaProfile, order: CaOrder
) -> None:
    server.script("pkix", Reply(200, b"junk", PKIXCMP))
    its = CaProfile("bank", "cmp", f"{server.url}/pkix", anchors=profile.anchors)
    transaction = bytes(range(16))
    kept = {"transaction": transaction.hex(), "nonce": "aabb", "request": 0}
    pending = Pending(datetime.now(UTC), handle=json.dumps(kept))
    with pytest.raises(CaAnswerBroken):
        cmp.lockwright_ca_poll(its, order, pending, Secret("otp"), Keys())
    (asked,) = server.asked
    assert explicit(4, octets(transaction)) in asked.body
    assert explicit(6, octets(b"\xaa\xbb")) in asked.body
