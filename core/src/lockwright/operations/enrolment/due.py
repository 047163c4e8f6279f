"""When a certificate is to be renewed: by its CA's word, or by the bank's own days.

A CA names a window; the moment in it is drawn at random, once for each certificate, so that not
everybody comes at its start, and the next look draws no other (RFC 9773, 4.2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from lockwright.certificates import parts
from lockwright.certificates.names import comparable
from lockwright.enrol.heard import Heard
from lockwright.errors import LockwrightError
from lockwright.models import Certificate, Container, ContainerState, Listing
from lockwright.records import dataclass

_SAME = (parts.KEY_USAGE, parts.EXTENDED_KEY_USAGE, parts.SUBJECT_ALTERNATIVE_NAME)
"""What two certificates share, beside both names, of which the later stands for the earlier."""
_PARTS = 2**64


class Why(StrEnum):
    """Why a certificate is to be renewed."""

    CA = "ca"
    """Its CA said so."""
    DAYS = "days"
    """It ends within the bank's own days."""
    EXPIRED = "expired"
    """It has expired; a CA renews what is valid."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """A certificate on a token, and what is known of its renewal."""

    container: Container
    """Its container."""
    certificate: Certificate
    """The certificate, whose end and value are known."""
    heard: Heard | None = None
    """What its CA said; None if nothing is known of it."""
    cas: tuple[str, ...] = ()
    """Names of the CAs of the configuration that may have issued it; one if it is known."""
    why: Why | None = None
    """Why it is to be renewed now; None if it is not."""
    problem: LockwrightError | None = None
    """Why its CA's word could not be had, where it was asked."""

    @property
    def moment(self) -> datetime | None:
        """When its CA wants it renewed, UTC; None if it said nothing of use."""
        return moment(self.certificate, self.heard)

    @property
    def wanted_by_its_ca(self) -> bool:
        """Whether it is to be renewed now because its CA said so."""
        return self.why is Why.CA

    @property
    def ends(self) -> datetime:
        """When it expires, UTC."""
        assert self.certificate.not_after is not None  # noqa: S101  # so ``candidates`` chose it
        return self.certificate.not_after


def candidates(content: Listing) -> Iterator[tuple[Container, Certificate]]:
    """What may be renewed on a token: of each key the last certificate that nothing replaced."""
    gone = replaced(content)
    for container, certificate, _own in _renewable(content):
        if container.ref not in gone:
            yield container, certificate


def replaced(content: Listing) -> frozenset[str]:
    """Containers whose certificate another one on the token outlasts, by their ``ref``."""
    found = list(_renewable(content))
    return frozenset(
        container.ref
        for container, certificate, identity in found
        if any(own == identity and _replaces(other, certificate) for _c, other, own in found)
    )


def moment(certificate: Certificate, heard: Heard | None) -> datetime | None:
    """The moment in the CA's window that is this certificate's own, UTC.

    A window that lies before the certificate or after it cannot be meant: nothing was said.

    Args:
        certificate: the certificate.
        heard: what its CA said.
    """
    begins, ends = certificate.not_before, certificate.not_after
    info = None if heard is None else heard.info
    if info is None or ends is None or info.start >= ends:
        return None
    if begins is not None and info.end <= begins:
        return None
    drawn = hashlib.sha256(b"renewal " + certificate.fingerprint.encode()).digest()
    share = int.from_bytes(drawn[:8]) / _PARTS
    return info.start + (min(info.end, ends) - info.start) * share


def due(
    certificate: Certificate, heard: Heard | None, days: int, now: datetime, *, final: bool
) -> Why | None:
    """Why a certificate is to be renewed now; None if it is not.

    Args:
        certificate: the certificate.
        heard: what its CA said.
        days: the bank's own days before the end.
        now: the time, UTC.
        final: whether the CA was asked as lately as it wants to be, so that a later moment of its
            own counts more than the bank's days; an old word only adds to them.
    """
    ends = certificate.not_after
    if ends is None:
        return None
    if ends <= now:
        return Why.EXPIRED
    wanted = moment(certificate, heard)
    if wanted is not None and wanted <= now:
        return Why.CA
    if (wanted is None or not final) and ends - now < timedelta(days=days):
        return Why.DAYS
    return None


def _renewable(content: Listing) -> Iterator[tuple[Container, Certificate, Hashable]]:
    for container in content.containers:
        if container.state not in {ContainerState.COMPLETE, ContainerState.NOT_SEEN}:
            continue
        for certificate in container.certificates[:1]:
            identity = _identity(certificate)
            if identity is not None:
                yield container, certificate, identity


def _identity(certificate: Certificate) -> Hashable | None:
    """What a renewal keeps; None for what is not to be renewed, such as a CA's certificate."""
    if certificate.not_after is None or certificate.subject is None:
        return None
    try:
        found = parts.of_certificate(certificate.object.value or b"")
        if found.is_of_a_ca:
            return None
        names = comparable(found.subject), comparable(found.issuer)
        return (*names, *map(found.extension, _SAME))
    except ValueError:
        return None


def _replaces(later: Certificate, earlier: Certificate) -> bool:
    begun = (later.not_before, earlier.not_before)
    ended = (later.not_after, earlier.not_after)
    if None in begun or None in ended:
        return False
    return begun[0] >= begun[1] and ended[0] > ended[1]  # type: ignore[operator]  # none is None
