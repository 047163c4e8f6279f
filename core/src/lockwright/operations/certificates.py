"""The certificate in an object, each field known or not."""

from __future__ import annotations

import hashlib

from lockwright.certificates.asn1 import Broken
from lockwright.certificates.key_types import key_type
from lockwright.certificates.names import Name
from lockwright.certificates.reading import Reading, read
from lockwright.certificates.strict import accepted
from lockwright.models import Certificate, Oddity, TokenObject, Told
from lockwright.pkcs11.constants import CKC


def read_certificate(obj: TokenObject) -> Certificate:
    """The certificate in an object; never raises, whatever is there."""
    der = obj.value or b""
    found = _reading(obj, der)
    return Certificate(
        object=obj,
        fingerprint=hashlib.sha256(der).hexdigest(),
        subject=None if found.subject is None else found.subject.rfc4514(),
        issuer=None if found.issuer is None else found.issuer.rfc4514(),
        serial=None if found.serial is None else f"{found.serial:x}",
        not_before=found.not_before,
        not_after=found.not_after,
        key_type=_key_type(found.key_info),
        subject_told=_told(found.subject),
        issuer_told=_told(found.issuer),
        oddities=tuple(found.oddities),
    )


def _reading(obj: TokenObject, der: bytes) -> Reading:
    if obj.certificate_type not in {None, CKC.X_509}:
        return Reading(oddities=[Oddity.OTHER_KIND])
    if not der:
        return Reading(oddities=[Oddity.NO_VALUE])
    found = read(der)
    if not found.oddities and not accepted(der):
        found.odd(Oddity.STRICT)
    return found


def _key_type(info: bytes | None) -> str | None:
    try:
        return None if info is None else key_type(info)
    except (Broken, ValueError):
        return None


def _told(name: Name | None) -> Told | None:
    return None if name is None else Told(name.title(), name.for_people())
