"""Objects as an adapter would have read them: a number names the key that they are of."""

# ruff: noqa: A002  # id is what PKCS#11 calls it
from __future__ import annotations

from datetime import timedelta
from functools import cache
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.models import ObjectKind, TokenObject
from lockwright.pkcs11 import public_values

from lockwright_testkit.pki import TestCa

_SOON = timedelta(days=10)
_STARTS = timedelta(days=-4000)


def private(
    key: int,
    *,
    id: bytes | None = None,
    label: str | None = None,
    is_rsa: bool = False,
    copy: int = 1,
) -> TokenObject:
    """A private key that shows its public value, as RSA keys do; ``copy`` counts exact twins."""
    return _key_object(ObjectKind.PRIVATE_KEY, key, id, label, is_rsa=is_rsa, copy=copy)


def hidden(
    key: int, *, id: bytes | None = None, label: str | None = None, copy: int = 1
) -> TokenObject:
    """A private key that does not show it, as EC keys do."""
    own, named = _names(key, id, label)
    ref = _ref(ObjectKind.PRIVATE_KEY, own, named, b"", copy)
    return TokenObject(ObjectKind.PRIVATE_KEY, own, named, ref, "ec:p256", private=True)


def public(
    key: int,
    *,
    id: bytes | None = None,
    label: str | None = None,
    is_rsa: bool = False,
    copy: int = 1,
) -> TokenObject:
    """A public key."""
    return _key_object(ObjectKind.PUBLIC_KEY, key, id, label, is_rsa=is_rsa, copy=copy)


def certificate(
    key: int,
    *,
    id: bytes | None = None,
    label: str | None = None,
    ends: timedelta = _SOON,
    name: str | None = None,
    is_rsa: bool = False,
    copy: int = 1,
) -> TokenObject:
    """A certificate of ``CN=Person NUMBER``, unless a common name is given."""
    der = _issued(key, name or f"Person {key}", ends, is_rsa=is_rsa)
    own, _named = _names(key, id, label)
    named = f"cert {key}" if label is None else label
    return TokenObject(
        kind=ObjectKind.CERTIFICATE,
        id=own,
        label=named,
        ref=_ref(ObjectKind.CERTIFICATE, own, named, der, copy),
        value=der,
        public_value=public_values.of_certificate(der),
    )


def data(label: str, *, copy: int = 1) -> TokenObject:
    """A data object."""
    return TokenObject(ObjectKind.DATA, b"", label, _ref(ObjectKind.DATA, b"", label, b"", copy))


def _key_object(
    kind: ObjectKind, key: int, id: bytes | None, label: str | None, *, is_rsa: bool, copy: int
) -> TokenObject:
    own, named = _names(key, id, label)
    value = public_values.of_certificate(_issued(key, f"Person {key}", _SOON, is_rsa=is_rsa))
    return TokenObject(
        kind=kind,
        id=own,
        label=named,
        ref=_ref(kind, own, named, value or b"", copy),
        key_type="rsa:2048" if is_rsa else "ec:p256",
        private=kind is ObjectKind.PRIVATE_KEY,
        public_value=value,
    )


def _names(key: int, id: bytes | None, label: str | None) -> tuple[bytes, str]:
    return (bytes([key]) if id is None else id, f"key {key}" if label is None else label)


def _ref(kind: ObjectKind, id: bytes, label: str, value: bytes, copy: int) -> str:
    told = b"\0".join((kind.encode(), id, label.encode(), value))
    twin = f"#{copy}" if copy > 1 else ""
    return sha256(told).hexdigest()[:32] + twin


@cache
def _issued(key: int, name: str, ends: timedelta, *, is_rsa: bool) -> bytes:
    public_key = _key(key, is_rsa=is_rsa).public_key()
    issued = _ca().issue(public_key, f"CN={name}", starts=_STARTS, lasts=ends - _STARTS)
    return issued.public_bytes(Encoding.DER)


@cache
def _ca() -> TestCa:
    return TestCa.root()


@cache
def _key(key: int, *, is_rsa: bool) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    if is_rsa:
        return rsa.generate_private_key(65537, 2048)
    return ec.derive_private_key(key, ec.SECP256R1())
