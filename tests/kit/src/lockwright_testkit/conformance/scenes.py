"""Steps that the tests of several hooks take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from lockwright.errors import PinIncorrect, PinLocked
from lockwright.models import KeyPair, KeyRequest, PinState, SignatureScheme
from lockwright.pkcs11.constants import CKA
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Session
from lockwright.pkcs11.standard import locate, user_session
from lockwright.secret import Secret

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.untested import (
    NO_LAST_TRY,
    NO_LOCK,
    NO_SECRET_LOCK,
    NOT_EXPENDABLE,
    ONE_ID,
)
from lockwright_testkit.pki import TestCa

ID, LABEL = b"\x0a\x01", "Анна Petrova"
DATA = b"to be signed"
_MOST_TRIES = 16
"""More than any token has: one that still answers after so many wrong PINs never locks."""
_QUICK = ("ec:p256", "ec:p384", "rsa:2048")
_SCHEMES = {
    "rsa": SignatureScheme.RSA_PKCS1_SHA256,
    "ec:p256": SignatureScheme.ECDSA_SHA256,
    "ec:p384": SignatureScheme.ECDSA_SHA384,
}


@dataclass(frozen=True)
class Content:
    """What :func:`fill` put on a token."""

    key: KeyPair | None
    """Its key pair; None where the token makes none that is known here."""
    key_type: str
    """Its type; empty without a key."""
    certificate: bytes
    """A certificate with the key's id and label, DER."""


def opens(bench: Bench, pin: Secret) -> bool:
    """Whether the token takes a user PIN."""
    try:
        bench.list(pin)
    except (PinIncorrect, PinLocked):
        return False
    return True


def lock(bench: Bench) -> bool:
    """Enter wrong PINs until the user PIN is locked; whether the token locks at all."""
    for _ in range(_MOST_TRIES):
        try:
            bench.list(bench.wrong_pin)
        except PinLocked:
            return True
        except PinIncorrect:
            continue
        raise AssertionError("the token took a wrong PIN")
    return _was_never_locked(bench, "user", NO_LOCK)


def lock_secret(bench: Bench, whose: str, attempt: Callable[[], object]) -> bool:
    """Give a wrong SO PIN or PUK until it is locked for good; whether it may, and is.

    Args:
        bench: the token.
        whose: ``so`` or ``puk``.
        attempt: gives it once.
    """
    if not bench.subject.expendable:
        return bench.cannot(NOT_EXPENDABLE)
    for _ in range(_MOST_TRIES):
        try:
            attempt()
        except PinLocked:
            return True
        except PinIncorrect:
            continue
        raise AssertionError("the token took a wrong PIN")
    return _was_never_locked(bench, whose, NO_SECRET_LOCK)


def _was_never_locked(bench: Bench, whose: str, reason: str) -> bool:
    """Note that a PIN does not lock; one without a try left does, and was not told as locked."""
    left = bench.subject.tries(whose) if bench.subject.tries else None
    assert left != 0, f"the PIN of the {whose} is locked, and was told as wrong each time"
    return bench.cannot(reason)


def at_last_try(bench: Bench) -> bool:
    """Enter wrong PINs until one more would lock the user PIN; whether that can be told."""
    for _ in range(_MOST_TRIES):
        status = bench.state().user_pin
        left = bench.subject.tries("user") if bench.subject.tries else None
        if left == 1 or (status is not None and status.state is PinState.FINAL_TRY):
            return True
        try:
            bench.list(bench.wrong_pin)
        except PinLocked:
            return bench.cannot(NO_LAST_TRY)
        except PinIncorrect:
            continue
    return bench.cannot(NO_LOCK)


@contextmanager
def second_session(bench: Bench) -> Iterator[Session]:
    """A session that another part of the program has with the token, nobody logged in."""
    slot = locate(bench.module, bench.token).slot
    with (
        bench.module.serving(bench.token.identity),
        bench.module.open_session(slot) as session,
    ):
        yield session


def key_type(bench: Bench) -> str:
    """A key type that the token makes quickly; empty if it makes none that is known here."""
    offered = bench.state().capabilities.key_types
    known = [each for each in offered if scheme_of(each)]
    return next((each for each in _QUICK if each in known), known[0] if known else "")


def fill(bench: Bench) -> Content:
    """Make a container: a key pair, if the token makes any, and a certificate."""
    kind = key_type(bench)
    key = bench.generate(bench.pin, KeyRequest(kind, ID, LABEL)) if kind else None
    certificate = issued(key.public_key if key else None)
    bench.store(bench.pin, ID, LABEL, certificate)
    return Content(key, kind, certificate)


def renamed(bench: Bench, old: bytes, new: bytes) -> bool:
    """Give what has one id another one, as other programs do; whether the token lets them."""
    with user_session(bench.module, bench.token, bench.pin) as session:
        try:
            for handle in session.find({CKA.ID: old}):
                session.write(handle, {CKA.ID: new})
        except CkrError:
            return bench.cannot(ONE_ID)
    return True


def issued(public_key: bytes | None = None) -> bytes:
    """A certificate, DER.

    Args:
        public_key: the key it is for, DER; None: somebody's.
    """
    key = load_der_public_key(public_key) if public_key else _somebody()
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise TypeError(f"a {type(key).__name__} is no key for a certificate")
    return TestCa.root().issue(key, "CN=Anna Petrova").public_bytes(Encoding.DER)


def _somebody() -> ec.EllipticCurvePublicKey:
    return ec.generate_private_key(ec.SECP256R1()).public_key()


def scheme_of(kind: str) -> SignatureScheme | None:
    """How keys of a type sign; None for a type that is not known here."""
    return _SCHEMES.get(kind) or _SCHEMES.get(kind.partition(":")[0])


def still_signs(bench: Bench, pin: Secret, content: Content) -> bool:
    """Whether the key that :func:`fill` made signs; true without a key."""
    scheme = scheme_of(content.key_type)
    if content.key is None or scheme is None:
        return True
    signature = bench.sign(pin, content.key.id, scheme, DATA)
    return verifies(content.key.public_key, scheme, signature)


def verifies(public_key: bytes, scheme: SignatureScheme, signature: bytes) -> bool:
    """Whether a signature over ``DATA`` is right."""
    key = load_der_public_key(public_key)
    digest = hashes.SHA384() if scheme is SignatureScheme.ECDSA_SHA384 else hashes.SHA256()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            salted = padding.PSS(padding.MGF1(digest), digest.digest_size)
            by_pss = scheme is SignatureScheme.RSA_PSS_SHA256
            key.verify(signature, DATA, salted if by_pss else padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, DATA, ec.ECDSA(digest))
        else:
            return False
    except InvalidSignature:
        return False
    return True
