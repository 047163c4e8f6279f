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
from lockwright_desk.helpdesk.custody.records import key_record
from lockwright_desk.siem.status import behind
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import Notice
from lockwright_desk.store.tables.register import Custody, KeyVersion, Token

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


def keeper(settings: Settings, database: Database | None) -> Iterator[Check]:
    """The keeper answers, its keys do what they are for, and records of the register open.

    Nothing of it is an answer to a Request, so no limit counts it.

    Args:
        settings: the configuration.
        database: the register; None where it cannot be seen.

    Raises:
        KeeperAway: nobody answers.
        HsmError, KeyUnusable: a key, or a record, is not to be used.
        DeskNotReady: none is configured.
        DatabaseAway: the register cannot be seen.
    """
    if settings.keeper is None:
        raise DeskNotReady(reason=_("[helpdesk] needs the tables [signin] and [keeper]"))
    client = KeeperClient(settings.keeper)
    found = client.look()
    said = _("The keeper answers at {socket}, with the HSM {hsm}.")
    yield Check("keeper", Status.OK, said.format(socket=settings.keeper.socket, hsm=found.hsm))
    kinds = ", ".join(f"{kind}: {count}" for kind, count in sorted(found.keys.items()))
    said = _("Each of its keys does what it is for ({kinds}).")
    yield Check("keeper", Status.OK, said.format(kinds=kinds))
    for kind, mechanisms in found.lacking.items():
        said = _("The HSM could not have keys of the kind {kind}; it lacks {mechanisms}.")
        told = said.format(kind=kind, mechanisms=", ".join(mechanisms))
        yield Check("keeper", Status.OK, told)
    if database is not None:
        yield from _records(client, database)


def _records(client: KeeperClient, database: Database) -> Iterator[Check]:
    """The newest record of each custody opens: database and HSM belong together."""
    for custody in Custody:
        newest = select(Token).where(Token.custody == custody).order_by(Token.id.desc()).limit(1)
        with database.reading() as session:
            row = session.scalar(newest)
            if row is None:
                continue
            number = row.key_version_id
            version = None if number is None else session.get_one(KeyVersion, number)
            record = key_record(row, version)
        client.look(record)
        said = _("The record of the token {serial} (custody: {custody}) opens in the HSM.")
        told = said.format(serial=record.serial, custody=custody.value)
        yield Check("keeper", Status.OK, told)


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
