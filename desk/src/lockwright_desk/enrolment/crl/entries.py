"""One entry of a revocation list, DER: made once, when its certificate is revoked."""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography import x509
from lockwright.pkcs11.der import SEQUENCE, encode, integer, oid

REASONS = {
    "unspecified": x509.ReasonFlags.unspecified,
    "key-compromise": x509.ReasonFlags.key_compromise,
    "affiliation-changed": x509.ReasonFlags.affiliation_changed,
    "superseded": x509.ReasonFlags.superseded,
    "cessation-of-operation": x509.ReasonFlags.cessation_of_operation,
    "privilege-withdrawn": x509.ReasonFlags.privilege_withdrawn,
}
"""Reasons that an operator can give (RFC 5280, 5.3.1)."""

_OCTET_STRING, _UTC_TIME, _GENERALIZED_TIME = 0x04, 0x17, 0x18
_GENERALIZED_FROM = 2050


def entry(serial: str, revoked_at: datetime, reason: str | None) -> bytes:
    """The entry of a certificate.

    Args:
        serial: serial number, hex.
        revoked_at: when it was revoked.
        reason: a name of ``REASONS``.
    """
    flag = REASONS.get(reason or "", x509.ReasonFlags.unspecified)
    parts = [integer(bytes.fromhex(serial)), time(revoked_at)]
    # RFC 5280, 5.3.1: where no reason is to be said, the extension is left out.
    if flag is not x509.ReasonFlags.unspecified:
        parts.append(encode(SEQUENCE, extension(x509.CRLReason(flag))))
    return encode(SEQUENCE, *parts)


def time(moment: datetime) -> bytes:
    """A time as RFC 5280, 5.1.2.4 wants it: with two digits of the year until 2049."""
    utc = moment.astimezone(UTC)
    if utc.year < _GENERALIZED_FROM:
        return encode(_UTC_TIME, f"{utc:%y%m%d%H%M%SZ}".encode())
    return encode(_GENERALIZED_TIME, f"{utc:%Y%m%d%H%M%SZ}".encode())


def extension(value: x509.ExtensionType) -> bytes:
    """An extension that is not critical."""
    return encode(
        SEQUENCE, oid(value.oid.dotted_string), encode(_OCTET_STRING, value.public_bytes())
    )
