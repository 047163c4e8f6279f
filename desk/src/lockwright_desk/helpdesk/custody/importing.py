"""Keys of a list become keys of tokens: all rows of it, or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lockwright.i18n import _
from lockwright.models import KeyForm
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lockwright_desk.configuration.keeper import KeeperSettings
from lockwright_desk.helpdesk.custody.intake import Asked, Refused, Taken, custody_of, taken_in
from lockwright_desk.helpdesk.custody.records import version_of
from lockwright_desk.helpdesk.custody.versions import newest
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.helpdesk.register.words import serial_searched
from lockwright_desk.signin.roles import Action, Who
from lockwright_desk.store.among import among
from lockwright_desk.store.tables.register import KeyVersion, Token

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class KeyList:
    """A list of keys, and how it is read."""

    file: str
    form: KeyForm
    adapter: str | None = None
    """The adapter of all rows; None where each row has its own."""
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list."""

    version: int
    """Number of the version of the wrapping key."""
    taken: int
    """Rows that were taken in, or would have been."""
    refused: Sequence[Refused]
    """Rows that cannot be; one is enough for none to be stored."""
    stored: bool


def import_keys(
    register: Register,
    who: Who,
    settings: KeeperSettings,
    keys: KeyList,
    *,
    replace: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Take a list of keys in, each wrapped under the newest wrapping key.

    Args:
        register: the register, which has the tokens.
        who: who does it.
        settings: the configuration of the keeper.
        keys: the list.
        replace: take a key for a token that has one.
        dry_run: store nothing.

    Raises:
        NotAllowed: who does it may not.
        KeyUnusable: there is no wrapping key yet.
        SecretFileMissing, SecretFileExposed: the list, or the HSM's PIN, cannot be read.
        HsmError, PinError, ModuleError: the HSM, or the key in it, is not to be used.
        IntakeEnded: the process that reads the list ended early.
    """
    facts = {"operator": who.name, "file": keys.file, "dry_run": dry_run, "replace": replace}
    with register.audit.operation("desk_keys_import", **facts) as result:
        who.require(Action.CHANGE_KEYS)
        with register.database.reading() as session:
            row = newest(session, custody_of(keys.form))
            version_id, version = row.id, version_of(row)
        asked = Asked(keys.file, keys.form, keys.adapter, keys.model, version)
        rows = _once(taken_in(settings, asked))
        taken = [row for row in rows if isinstance(row, Taken)]
        refused = [row for row in rows if isinstance(row, Refused)]
        with register.database.writing() as session:
            found = _tokens(session, taken)
            refused += _unfit(taken, found, replace=replace)
            stored = not refused and not dry_run
            if stored:
                _store(session, taken, found, version_id, keys.form)
        result.update(rows=len(taken), refused=len(refused), stored=stored)
        refused.sort(key=lambda row: row.line)
        return Imported(version.number, len(rows) - len(refused), refused, stored)


def _once(rows: Iterable[Taken | Refused]) -> list[Taken | Refused]:
    """Each row; one of a token that stood above is refused."""
    seen: dict[tuple[str, str, str], int] = {}
    found: list[Taken | Refused] = []
    for row in rows:
        if isinstance(row, Taken):
            first = seen.setdefault(row.token, row.line)
            if first != row.line:
                reason = _("the token stands in line {line}, too").format(line=first)
                found.append(Refused(row.line, reason))
                continue
        found.append(row)
    return found


def _tokens(session: Session, taken: Sequence[Taken]) -> dict[tuple[str, str, str], _Found]:
    """The tokens of the rows, locked where the database can."""
    return {
        (each.adapter, each.model, each.serial): each
        for part in _parts(taken)
        for each in _part(session, part)
    }


def _parts(taken: Sequence[Taken]) -> Iterator[Sequence[Taken]]:
    return (taken[place : place + _AT_ONCE] for place in range(0, len(taken), _AT_ONCE))


@dataclass(frozen=True, slots=True)
class _Found:
    id: int
    adapter: str
    model: str
    serial: str
    custody: str | None


def _part(session: Session, part: Sequence[Taken]) -> Iterator[_Found]:
    """Those that end alike, by the index; which of them are meant, their names say."""
    columns = Token.id, Token.adapter, Token.model, Token.serial, Token.custody
    ends = [serial_searched(row.serial) for row in part]
    chosen = select(*columns).where(among(session, Token.serial_end, ends)).order_by(Token.id)
    return (_Found(*row) for row in session.execute(chosen.with_for_update()))


def _unfit(
    taken: Sequence[Taken], found: dict[tuple[str, str, str], _Found], *, replace: bool
) -> Iterator[Refused]:
    for row in taken:
        token = found.get(row.token)
        if token is None:
            yield Refused(row.line, _("the register has no such token"))
        elif token.custody is not None and not replace:
            yield Refused(row.line, _("the token has a key (--replace)"))


def _store(
    session: Session,
    taken: Sequence[Taken],
    found: dict[tuple[str, str, str], _Found],
    version_id: int,
    form: KeyForm,
) -> None:
    version = session.get_one(KeyVersion, version_id)
    for part in _parts(taken):
        session.execute(
            update(Token),
            [
                {
                    "id": found[row.token].id,
                    "custody": custody_of(form).value,
                    "key_version_id": version.id,
                    "key_label": None,
                    "key_form": form.value,
                    "wrapped": row.wrapped,
                    "seal": row.seal,
                }
                for row in part
            ],
        )
