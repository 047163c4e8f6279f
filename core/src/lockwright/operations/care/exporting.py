"""Which certificates of a token are meant, to be taken out of it; a private key never is."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.errors import AmbiguousSelection, CertificateUnnamed, NoCertificate, NothingSelected
from lockwright.models import Certificate, Listing
from lockwright.operations.certificates import read_certificate
from lockwright.operations.plans import names_of

_SHOWN = 12
"""Digits of a fingerprint that name a certificate."""


def certificates_of(content: Listing) -> tuple[Certificate, ...]:
    """Every certificate on a token that has a value, those of containers first, each once."""
    inside = [each for container in content.containers for each in container.certificates]
    loose = [read_certificate(obj) for obj in content.objects if obj.value]
    told = {each.fingerprint: each for each in (*inside, *loose) if each.object.value}
    return tuple(told.values())


def chosen(
    content: Listing, selectors: Sequence[str], *, every: bool = False
) -> tuple[Certificate, ...]:
    """The certificates that are meant.

    Args:
        content: what is on the token.
        selectors: each the name of a container, which means the certificate of it that expires
            last; or the beginning of a fingerprint or of a ref, or a serial number in hex, of one
            certificate.
        every: all of them; then no name is needed.

    Raises:
        NoCertificate: none is seen, or what is named has none.
        NothingSelected: a name fits nothing.
        AmbiguousSelection: a name fits several things.
        CertificateUnnamed: none is named, and there are several.
    """
    there = certificates_of(content)
    if not there and not selectors:
        raise NoCertificate(serial=content.serial)
    if every:
        return there
    if selectors:
        named = (_one(content, there, selector) for selector in selectors)
        return tuple({each.fingerprint: each for each in named}.values())
    if len(there) > 1:
        fits = tuple(each.fingerprint[:_SHOWN] for each in there)
        raise CertificateUnnamed(serial=content.serial, fits=fits)
    return there


def _one(content: Listing, there: Sequence[Certificate], selector: str) -> Certificate:
    """The certificate that a name fits: by its serial number, too, which no other name is."""
    refs = names_of(content).fits(selector)
    digits = selector.strip().lower().removeprefix("0x").replace(":", "").lstrip("0")
    found = {each.fingerprint: each for each in there if digits and each.serial == digits}
    found |= {each.fingerprint: each for each in there if each.object.ref in refs}
    for container in content.containers:
        if container.ref in refs:
            told = [each for each in container.certificates if each.object.value][:1]
            found |= {each.fingerprint: each for each in told}
    if not found and refs:
        raise NoCertificate(serial=content.serial)
    if not found:
        raise NothingSelected(serial=content.serial, selector=selector)
    if len(found) > 1 or len(refs) > 1:
        fits = tuple(sorted(each.fingerprint[:_SHOWN] for each in found.values()))
        raise AmbiguousSelection(serial=content.serial, selector=selector, fits=fits)
    return next(iter(found.values()))
