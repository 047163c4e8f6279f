"""The help desk: where its pages are, its keeper, its notices, and what the collector has."""

from __future__ import annotations

from collections.abc import Iterator

from lockwright.console.finding import Check, Status
from lockwright.errors import reason_of
from lockwright.i18n import _, ngettext
from sqlalchemy import func, select

from lockwright_desk.configuration.settings import Settings
from lockwright_desk.errors import DeskNotReady, NoSignIn
from lockwright_desk.helpdesk.custody.keeper_client import KeeperClient
from lockwright_desk.siem.status import behind
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import Notice

_MANY = 1000
"""Records that a collector may be behind without anybody looking."""


def signin(settings: Settings) -> Iterator[Check]:
    """The pages have an origin with a name; that it is none with an address, reading it saw to.

    Raises:
        NoSignIn: the help desk has none.
    """
    if settings.signin is None:
        raise NoSignIn
    told = _("The pages are at {origin}, and passkeys belong to the name {name}.")
    said = told.format(origin=settings.signin.origin, name=settings.signin.name)
    yield Check("signin", Status.OK, said)


def keeper(settings: Settings) -> Iterator[Check]:
    """Somebody listens where the desk asks for Responses.

    Raises:
        KeeperAway: nobody does.
        DeskNotReady: none is configured.
    """
    if settings.keeper is None:
        raise DeskNotReady(reason=_("[helpdesk] needs the tables [signin] and [keeper]"))
    KeeperClient(settings.keeper).check()
    said = _("The keeper answers at {socket}.").format(socket=settings.keeper.socket)
    yield Check("keeper", Status.OK, said)


def notices(database: Database) -> Iterator[Check]:
    """Clients are told.

    Raises:
        DatabaseAway: it cannot be seen.
    """
    with database.looking() as connection:
        waiting, given_up = (
            connection.scalar(select(func.count()).select_from(Notice).where(*each)) or 0
            for each in (
                (
                    Notice.trouble.is_not(None),
                    Notice.sent_at.is_(None),
                    Notice.gave_up_at.is_(None),
                ),
                (Notice.gave_up_at.is_not(None),),
            )
        )
    advice = _("See in the log of the desk what the hook was told; [helpdesk.notices] says where.")
    if waiting:
        told = ngettext(
            "{count} notice to a client could not be sent, and is tried again.",
            "{count} notices to clients could not be sent, and are tried again.",
            waiting,
        )
        yield Check("notices", Status.WARN, told.format(count=waiting), advice)
    if given_up:
        told = ngettext(
            "{count} notice to a client was given up: the client does not know.",
            "{count} notices to clients were given up: those clients do not know.",
            given_up,
        )
        yield Check("notices", Status.WARN, told.format(count=given_up), advice)
    if not waiting and not given_up:
        yield Check("notices", Status.OK, _("No notice to a client is in trouble."))


def siem(settings: Settings) -> Iterator[Check]:
    """The collector has what the trail has, or nearly."""
    if settings.siem is None:
        return
    try:
        found = behind(settings.siem, settings.audit)
    except OSError as error:
        told = _("What the collector has cannot be seen: {reason}.")
        said = told.format(reason=_(reason_of(error)))
        yield Check("siem", Status.FAIL, said, "", DeskNotReady.exit_code)
        return
    told = ngettext(
        "The collector lacks {count} record, if any.",
        "The collector lacks {count} records, if any.",
        found.records,
    ).format(count=found.records)
    if not found.sending:
        advice = _("Start what sends: lockwright-desk siem send, or its service.")
        yield Check("siem", Status.WARN, f"{told} {_('Nobody sends.')}", advice)
    elif found.records > _MANY:
        yield Check("siem", Status.WARN, told, _("See lockwright-desk siem status, and its log."))
    else:
        yield Check("siem", Status.OK, told)
