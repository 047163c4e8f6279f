"""The computer: the audit trail can be written, there is room, and the clock is right."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lockwright.audit import verify
from lockwright.console.finding import Check, Status
from lockwright.errors import AuditUnreadable, AuditUnwritable, FileNotWritten, reason_of
from lockwright.files import exposure
from lockwright.i18n import _
from sqlalchemy import make_url, text

from lockwright_desk.configuration.settings import Settings
from lockwright_desk.enrolment.authority.authority import read_chain
from lockwright_desk.errors import DeskNotReady
from lockwright_desk.store.database import Database

_MEGABYTE = 1_000_000
_LITTLE, _TOO_LITTLE = 1000, 100
_OFF = timedelta(seconds=5)
"""By how much clocks of servers may differ without anybody noticing."""


def audit(file: Path) -> Iterator[Check]:
    """The trail is whole, and can be gone on with.

    Raises:
        AuditError: it is not, or cannot.
    """
    try:
        lines = verify(file).lines
    except AuditUnreadable:
        if file.exists():
            raise
        said = _("The audit file {file} does not exist yet; it will be made.").format(file=file)
    else:
        said = _("The audit file {file} is intact; lines: {lines}.").format(file=file, lines=lines)
    try:
        exposure.check(file)
        for place in (file, file.parent):
            if place.exists() and not os.access(place, os.W_OK):
                raise PermissionError(errno.EACCES, "", str(place))
    except OSError as error:
        raise AuditUnwritable(file=str(file), reason=reason_of(error)) from None
    yield Check("audit", Status.OK, said)


def disk(settings: Settings) -> Iterator[Check]:
    """There is room for the trail and, where it is a file, the database."""
    folders = {settings.audit.parent}
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and url.database:
        folders.add(Path(url.database).parent)
    for folder in sorted(folders):
        try:
            free = shutil.disk_usage(folder).free // _MEGABYTE
        except OSError as error:
            told = _("{folder} cannot be looked at: {reason}.")
            said = told.format(folder=folder, reason=_(reason_of(error)))
            yield Check("disk", Status.FAIL, said, "", FileNotWritten.exit_code)
            continue
        said = _("Free in {folder}: {count} MB.").format(folder=folder, count=free)
        advice = _("Make room: what cannot be recorded is not done.")
        if free < _TOO_LITTLE:
            yield Check("disk", Status.FAIL, said, advice, FileNotWritten.exit_code)
        elif free < _LITTLE:
            yield Check("disk", Status.WARN, said, advice)
        else:
            yield Check("disk", Status.OK, said)


def clock(settings: Settings, database: Database | None, now: datetime) -> Iterator[Check]:
    """The clock is not before what was signed by it, nor off that of the database's server.

    Raises:
        LockwrightError: there is no CA's certificate, or the database is gone.
    """
    advice = _("Set the clock, and have it kept right (NTP): codes, limits and sessions go by it.")
    begins = read_chain(settings.ca)[0].not_valid_before_utc
    if now < begins:
        told = _("The clock shows {now}, before the CA's certificate was made ({begins}).")
        said = told.format(now=_shown(now), begins=_shown(begins))
        yield Check("clock", Status.FAIL, said, advice, DeskNotReady.exit_code)
        return
    if database is not None and database.engine.dialect.name == "postgresql":
        with database.looking() as connection:
            theirs = connection.scalar(text("SELECT clock_timestamp()"))
        off = abs(theirs - now) if isinstance(theirs, datetime) else timedelta()
        if off > _OFF:
            told = _("The clock differs by {seconds} seconds from that of the database's server.")
            said = told.format(seconds=round(off.total_seconds()))
            yield Check("clock", Status.WARN, said, advice)
            return
    yield Check("clock", Status.OK, _("The clock shows {now}.").format(now=_shown(now)))


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
