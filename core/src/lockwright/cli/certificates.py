"""Certificates as people read them: by whom they are called, and what is odd about them."""

from __future__ import annotations

from collections.abc import Iterator

from lockwright.i18n import _
from lockwright.models import Certificate, Oddity, Told
from lockwright.pkcs11.constants import CKC


def called(found: Certificate) -> str:
    """What a certificate is called by: its holder, or what there is instead."""
    if found.subject_told is not None:
        return found.subject_told.title or _("(no name)")
    match found.object.certificate_type:
        case CKC.X_509_ATTR_CERT:
            return _("attribute certificate")
        case CKC.WTLS:
            return _("WTLS certificate")
    if Oddity.NO_VALUE in found.oddities:
        return _("not on the token: {url}").format(url=found.object.url or _("no address"))
    return found.fingerprint[:16]


def issued_by(found: Certificate) -> str:
    """Who issued it."""
    return "-" if found.issuer_told is None else _by(found.issuer_told.title or _("(no name)"))


def in_full(found: Certificate) -> Iterator[str]:
    """Whole names, and every oddity, a line each."""
    names: tuple[tuple[Told | None, bool], ...] = (
        (found.subject_told, False),
        (found.issuer_told, True),
    )
    for name, of_issuer in names:
        if name is not None and name.whole != name.title:
            yield _by(name.whole) if of_issuer else name.whole
    if found.serial is not None:
        yield _("serial number {serial}").format(serial=found.serial)
    yield from map(odd, found.oddities)


def odd(oddity: Oddity) -> str:
    """An oddity in words."""
    return {
        Oddity.NO_VALUE: _("the token does not hold the certificate itself"),
        Oddity.OTHER_KIND: _("it is no X.509 certificate of a key"),
        Oddity.NO_CERTIFICATE: _("what is stored is not a certificate"),
        Oddity.CUT_SHORT: _("its end is missing"),
        Oddity.BYTES_BEHIND: _("something stands behind it"),
        Oddity.NOT_DER: _("it is not encoded as DER wants"),
        Oddity.VERSION: _("its version is neither 1 nor 3"),
        Oddity.SERIAL: _("its serial number is not positive, or is too long"),
        Oddity.TIME: _("a time is written in another way than the standard wants"),
        Oddity.VALIDITY_REVERSED: _("it ends before it begins"),
        Oddity.TEXT: _("a name is not encoded as it says; the text shown is the likely one"),
        Oddity.SERIAL_UNREADABLE: _("its serial number cannot be read"),
        Oddity.ISSUER_UNREADABLE: _("its issuer cannot be read"),
        Oddity.VALIDITY_UNREADABLE: _("its validity cannot be read in full"),
        Oddity.SUBJECT_UNREADABLE: _("its subject cannot be read"),
        Oddity.KEY_UNREADABLE: _("its public key cannot be read"),
        Oddity.STRICT: _("strict programs refuse it"),
    }[oddity]


def _by(issuer: str) -> str:
    return _("by {issuer}").format(issuer=issuer)
