"""What an operator does with a Request on the line: find it by its number, send the Response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lockwright.errors import LockwrightError
from lockwright.i18n import _
from lockwright.line import sealed
from lockwright.secret import Secret
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lockwright_desk.helpdesk import answers, looking, opening
from lockwright_desk.helpdesk.change import changing, plain
from lockwright_desk.helpdesk.over_line import rows
from lockwright_desk.helpdesk.over_line.refusals import LineOver, NoSuchLine
from lockwright_desk.helpdesk.over_line.rows import NUMBER
from lockwright_desk.helpdesk.parts import Parts
from lockwright_desk.helpdesk.refusals import UnknownCase, UnknownToken
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.views import CaseAt, CaseSeen, spoken
from lockwright_desk.signin.roles import Who
from lockwright_desk.store.tables.cases import Case, Way
from lockwright_desk.store.tables.line import Line
from lockwright_desk.store.tables.register import Client, Token

_LISTED = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """A Request on the line that nobody has taken."""

    number: str
    came_at: datetime
    ends_at: datetime
    silent: bool
    """Whether the client's window has not been heard for a while."""
    adapter: str
    serial: str
    client: str | None
    """Name of whoever holds the token; None where the register has no such token."""
    login: str | None

    @property
    def spoken(self) -> str:
        """Its number as it is read aloud: ``482-719``."""
        return rows.spoken(self.number)


def waiting(parts: Parts) -> Sequence[Waiting]:
    """See ``HelpDesk.lines``."""
    now = parts.clock()
    chosen = (
        select(Line)
        .where(Line.case_id.is_(None), Line.ended_why.is_(None), Line.ends_at > now)
        .order_by(Line.id.desc())
        .limit(_LISTED)
    )
    with parts.database.reading() as session:
        return [_listed(session, parts, line, now) for line in session.scalars(chosen)]


def take(parts: Parts, who: Who, number: str) -> CaseSeen:
    """See ``HelpDesk.take_line``."""
    asked = "".join(char for char in number if char.isascii() and char.isdigit())[: NUMBER + 1]
    now = parts.clock()
    with parts.database.reading() as session:
        line = session.scalar(select(Line).where(Line.number == asked))
        if line is None or line.case_id is not None or not _is_waiting(line, now):
            raise NoSuchLine(number=number)
        token = _token(session, parts, line)
        if token is None:
            raise UnknownToken(reason=_("the register has no such token"))
        found, wanted = line.id, token.id

    def attach(session: Session, case: Case) -> None:
        """Of two operators who take it at once the second is refused."""
        taken = (
            update(Line)
            .where(Line.id == found, Line.case_id.is_(None), Line.ended_why.is_(None))
            .values(case_id=case.id)
            .returning(Line.id)
        )
        if session.scalar(taken) is None:
            raise NoSuchLine(number=number)

    return opening.open_case(parts, who, wanted, Way.LINE, attach)


def send(parts: Parts, who: Who, at: CaseAt) -> CaseSeen:
    """See ``HelpDesk.send``."""
    by = who.shown or who.name
    number, serial, key, request = _line_of(parts, at)
    with answers.answer(parts, who, at) as given:
        if given.request != request:
            raise LineOver
        info = sealed.about(number, serial, request, by)
        spelled = Secret(given.spelled())
        try:
            content = sealed.seal(key, info, spelled)
        except sealed.SealBroken:
            raise LineOver from None
        finally:
            spelled.wipe()
    now_at = looking.case(parts, who, at.number).at
    with changing(parts, who, now_at, Act.SEND) as change:
        put = (
            update(Line)
            .where(
                Line.case_id == change.case.id,
                Line.ended_why.is_(None),
                Line.ends_at > change.now,
            )
            .values(sealed=content, answered_by=by)
            .returning(Line.number)
        )
        if change.session.scalar(put) is None:
            change.leave(LineOver())
        change.facts["number"] = number
    return change.seen


def _line_of(parts: Parts, at: CaseAt) -> tuple[str, str, bytes, bytes]:
    """Number, serial number, key and Request of the line of a case, before anything is answered.

    Raises:
        LineOver: nobody waits there, or for another Request than the case has.
    """
    with parts.database.reading() as session:
        case = session.scalar(select(Case).where(Case.number == plain(at.number)))
        if case is None:
            raise UnknownCase(number=spoken(at.number))
        line = rows.of_case(session, case)
        waits = line is not None and rows.seen(line, case.state, parts.clock()).waits
        if line is None or not waits or line.request != case.request:
            raise LineOver
        return line.number, line.serial, line.public_key, line.request


def _is_waiting(line: Line, now: datetime) -> bool:
    return rows.stands(line, None, now) is rows.Stands.WAITING


def _listed(session: Session, parts: Parts, line: Line, now: datetime) -> Waiting:
    token = _token(session, parts, line)
    holder = None if token is None or token.client_id is None else token.client_id
    client = None if holder is None else session.get_one(Client, holder)
    return Waiting(
        number=line.number,
        came_at=line.came_at,
        ends_at=line.ends_at,
        silent=rows.seen(line, None, now).silent,
        adapter=line.adapter,
        serial=line.serial,
        client=None if client is None else client.name,
        login=None if client is None else client.login,
    )


def _token(session: Session, parts: Parts, line: Line) -> Token | None:
    """The token of the register that a line says it is of; the check words tell whether it is."""
    register = Register(parts.database, parts.audit, parts.rules, parts.clock)
    try:
        serial = register.serial(line.adapter, line.model, line.serial)
    except LockwrightError:
        return None
    chosen = select(Token).where(Token.adapter == line.adapter, Token.serial == serial)
    found = session.scalars(chosen).all()
    named = [each for each in found if each.model == line.model]
    if len(named or found) != 1:
        return None
    return (named or found)[0]
