"""The order in which one thing needs the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lockwright.console.finding import Check, Status, failed
from lockwright.errors import LockwrightError
from lockwright.i18n import _

from lockwright_desk.cli.doctor import certificates, forged, help_desk, machine
from lockwright_desk.cli.program import Run
from lockwright_desk.store.migrate import NEWEST


def examine(run: Run) -> Iterator[Check]:
    """Look at everything; what needs a thing that fails is left out."""
    try:
        settings = run.settings
    except LockwrightError as error:
        yield failed("configuration", error)
        return
    told = _("Configuration: {file}.").format(file=settings.file)
    yield Check("configuration", Status.OK, told)
    there = list(_each("database", lambda: _database(run)))
    yield from there
    works = all(check.status is Status.OK for check in there)
    now = run.now()
    yield from _each("ca", lambda: certificates.authority(settings, now))
    yield from _each("certificate", lambda: certificates.server(settings, now))
    if works:
        yield from _each("passwords", lambda: certificates.passwords(settings, run.database))
    yield from _each("audit", lambda: machine.audit(settings.audit))
    yield from machine.disk(settings)
    yield from _each("clock", lambda: machine.clock(settings, run.database if works else None, now))
    yield from forged.tried(settings)
    if settings.helpdesk is not None:
        yield from _each("signin", lambda: help_desk.signin(settings))
        yield from _each(
            "keeper", lambda: help_desk.keeper(settings, run.database if works else None)
        )
        if works:
            yield from _each("notices", lambda: help_desk.notices(run.database))
    yield from _each("siem", lambda: help_desk.siem(settings))


def _each(area: str, look: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    try:
        yield from look()
    except LockwrightError as error:
        yield failed(area, error)


def _database(run: Run) -> Iterator[Check]:
    dialect = run.database.engine.dialect.name
    told = _("The database ({kind}) answers; its tables are of the version {version}.")
    yield Check("database", Status.OK, told.format(kind=dialect, version=NEWEST))
