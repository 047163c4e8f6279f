"""When the desk wants a certificate renewed: what it answers who asks about one (RFC 9773)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from lockwright.enrol.issuer import identifier

from lockwright_desk.configuration.profiles import Profile
from lockwright_desk.configuration.settings import RenewalSettings, Settings
from lockwright_desk.enrolment.refusals import CertificateUnknown
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.base import SERIAL
from lockwright_desk.store.tables.enrolment import Certificate

_ASKED = re.compile(r"[A-Za-z0-9_-]{1,100}\.([A-Za-z0-9_-]{1,28})", re.ASCII)
_AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which a certificate is to be renewed."""

    start: datetime
    end: datetime

    @classmethod
    def over(cls, moment: datetime) -> Self:
        """One that is over: the certificate is to be renewed now."""
        return cls(moment - _AN_HOUR, moment)


def asked(database: Database, settings: Settings, name: str, now: datetime) -> Window:
    """The window of the certificate that somebody asks about.

    Args:
        database: where certificates are kept.
        settings: the configuration.
        name: the issuer's key and the serial number, as RFC 9773, 4.1 has them.
        now: the time.

    Raises:
        CertificateUnknown: the desk issued none of that name to a person.
    """
    with database.reading() as session:
        row = session.get(Certificate, _serial(name))
    # Which of the CA's keys signed it is compared as well: they may have changed.
    if row is None or identifier(row.der) != name:
        raise CertificateUnknown
    profile = settings.profiles.get(row.profile or "")
    if profile is None:
        raise CertificateUnknown
    return window(row, profile, settings.renewal, now)


def window(row: Certificate, profile: Profile, renewal: RenewalSettings, now: datetime) -> Window:
    """When a certificate is to be renewed.

    Args:
        row: the certificate.
        profile: its profile.
        renewal: what the configuration says of all of them.
        now: the time.
    """
    if row.revoked_at is not None:
        return Window.over(row.revoked_at)
    ahead = renewal.issued_before
    if ahead is not None and row.issued_at < ahead <= now:
        return Window.over(ahead)
    before = profile.renewed_before
    return Window(row.not_after - before, row.not_after - before / 2)


def _serial(name: str) -> str:
    """The serial number in a name, as it is kept.

    Raises:
        CertificateUnknown: it has none.
    """
    found = _ASKED.fullmatch(name)
    if found is None:
        raise CertificateUnknown
    text = found[1]
    try:
        number = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise CertificateUnknown from None
    return number.lstrip(b"\0").hex().rjust(SERIAL, "0")
