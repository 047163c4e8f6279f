"""A consent: what is agreed to, by whom and when, under that person's signature."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import load_der_public_key
from lockwright.i18n import _

from lockwright_four_eyes.settings import Settings
from lockwright_four_eyes.subject import Subject

Sign = Callable[[bytes], bytes]
_PURPOSE = b"lockwright-four-eyes consent 1\n"
"""Stands before what is signed, so that no signature for something else is a consent."""
_SKEW = timedelta(seconds=60)
_WIDEST_FOR_SHA256 = 256


@dataclass(frozen=True)
class Consent:
    """A consent as it lies in its file."""

    subject: Subject
    """What is agreed to, as it was asked for."""
    approver: str
    """Whose consent it says it is."""
    approved_at: str
    """When, ISO 8601."""
    signature: str
    """Base64."""

    def wrong(self, settings: Settings, user: str) -> str:
        """Why it does not count; empty if it does.

        Args:
            settings: who may consent, and for how long.
            user: the account that wants to go on with it.
        """
        known = settings.approvers.get(self.approver)
        if known is None:
            return _("{name} is none of those who may consent").format(name=self.approver)
        if not _fits(known.public_key, self.signature, self._signed()):
            return _("it is not signed by {name}").format(name=self.approver)
        if self.approver in {user, self.subject["asked_by"]["user"]}:
            return _("nobody consents to what they ask for themselves")
        now, at = datetime.now(UTC), datetime.fromisoformat(self.approved_at)  # it is signed
        if not known.not_before <= now <= known.not_after:
            return _("the certificate of {name} is not valid now").format(name=self.approver)
        if not -_SKEW <= now - at <= settings.lifetime:
            return _("it is too old, or from the future: {time}").format(time=self.approved_at)
        return ""

    def _signed(self) -> bytes:
        return to_sign(self.subject, self.approver, self.approved_at)


def to_sign(subject: Subject, approver: str, approved_at: str) -> bytes:
    """What an approver signs."""
    said: dict[str, Any] = {"approver": approver, "approved_at": approved_at}
    return _PURPOSE + rfc8785.dumps({**said, "subject": dict(subject)})


def consent(subject: Subject, approver: str, sign: Sign) -> Consent:
    """Consent to what was asked for, now.

    Args:
        subject: what was asked for.
        approver: who consents.
        sign: signs with that person's key.
    """
    at = datetime.now(UTC).isoformat(timespec="seconds")
    signature = sign(to_sign(subject, approver, at))
    return Consent(subject, approver, at, base64.b64encode(signature).decode())


def signs(key: object) -> Sign:
    """Signs with a key that is here, as a token does with its own.

    Raises:
        TypeError: it is neither an RSA nor an EC key.
    """
    if isinstance(key, rsa.RSAPrivateKey):
        return lambda data: key.sign(data, PKCS1v15(), hashes.SHA256())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return lambda data: key.sign(data, ec.ECDSA(_digest(key.key_size)))
    raise TypeError(_("it has neither an RSA nor an EC key"))


def _fits(public_key: bytes, signature: str, data: bytes) -> bool:
    try:
        signed = base64.b64decode(signature, validate=True)
        match load_der_public_key(public_key):
            case rsa.RSAPublicKey() as key:
                key.verify(signed, data, PKCS1v15(), hashes.SHA256())
            case ec.EllipticCurvePublicKey() as key:
                key.verify(signed, data, ec.ECDSA(_digest(key.key_size)))
            case _:
                return False
    except (InvalidSignature, ValueError):
        return False
    return True


def _digest(bits: int) -> hashes.SHA256 | hashes.SHA384:
    return hashes.SHA256() if bits <= _WIDEST_FOR_SHA256 else hashes.SHA384()
