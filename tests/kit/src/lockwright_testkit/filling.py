"""Puts containers onto a token in one login, fast enough for tests of tokens that are full."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.bindings import load
from lockwright.pkcs11.constants import CKA, CKC, CKM, CKO, CKU
from lockwright.pkcs11.session import Session, Template
from lockwright.secret import Secret

from lockwright_testkit.pki import TestCa
from lockwright_testkit.sim import USER_PIN

PARTS = 3
"""Objects of a container: a private key, a public key, a certificate."""
_YEAR = timedelta(days=365, hours=12)
_YESTERDAY, _LONG_AGO = timedelta(days=-1), timedelta(days=-400)
_P256 = bytes.fromhex("06082a8648ce3d030107")


def fill(module: Path, containers: int, *, alone: int = 0, expired: int = 0) -> None:
    """Put containers onto the one token of a simulated module, each of which can sign.

    Args:
        module: the module, which this process can load.
        containers: how many; their labels are ``c0``, ``c1`` and so on.
        alone: how many certificates without a key, ``a0`` and so on.
        expired: how many of the containers have a certificate that has expired, the first ones.
    """
    loaded = load("pykcs11", module)
    with loaded.open_session(loaded.slots()[0].token.slot) as session:
        session.login(CKU.USER, Secret(USER_PIN))
        for n in range(containers):
            _add(session, n, starts=_LONG_AGO if n < expired else _YESTERDAY)
        for n in range(alone):
            key = ec.generate_private_key(ec.SECP256R1()).public_key()
            _write(session, f"a{n}", containers + n, key, f"CN=Alone {n}")
    loaded.close()


def _named(label: str, number: int) -> Template:
    return {CKA.TOKEN: True, CKA.ID: number.to_bytes(2), CKA.LABEL: label}


def _add(session: Session, number: int, starts: timedelta) -> None:
    named = _named(f"c{number}", number)
    public, _private = session.generate_key_pair(
        CKM.EC_KEY_PAIR_GEN,
        {**named, CKA.EC_PARAMS: _P256},
        {**named, CKA.PRIVATE: True, CKA.SIGN: True},
    )
    point = session.read(public, [CKA.EC_POINT])[CKA.EC_POINT][2:]
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    _write(session, f"c{number}", number, key, f"CN=Client {number}", starts)


def _write(
    session: Session,
    label: str,
    number: int,
    key: ec.EllipticCurvePublicKey,
    name: str,
    starts: timedelta = _YESTERDAY,
) -> None:
    lasts = _YEAR + timedelta(minutes=number)
    certificate = _ca().issue(
        key, name, starts=starts, lasts=lasts
    )  # no two end at once, none at this hour
    session.create(
        {
            **_named(label, number),
            CKA.CLASS: CKO.CERTIFICATE,
            CKA.CERTIFICATE_TYPE: CKC.X_509,
            CKA.PRIVATE: False,
            CKA.SUBJECT: certificate.subject.public_bytes(),
            CKA.VALUE: certificate.public_bytes(Encoding.DER),
        }
    )


@cache
def _ca() -> TestCa:
    return TestCa.root()
