"""A Request is answered: claimed in the database first, whichever replica is asked (ADR 41)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from lockwright.errors import RequestAnswered, TooManyAnswers
from lockwright.i18n import _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lockwright_desk.errors import DatabaseAway
from lockwright_desk.helpdesk import alerts, limits, opening, rules
from lockwright_desk.helpdesk.alerts import AlertKind
from lockwright_desk.helpdesk.change import Change, plain, storing
from lockwright_desk.helpdesk.custody.errors import KeeperLimit
from lockwright_desk.helpdesk.custody.port import KeyRecord
from lockwright_desk.helpdesk.custody.records import key_record
from lockwright_desk.helpdesk.given import Given
from lockwright_desk.helpdesk.limits import Counted
from lockwright_desk.helpdesk.notices import spool
from lockwright_desk.helpdesk.parts import Parts
from lockwright_desk.helpdesk.people import same
from lockwright_desk.helpdesk.refusals import (
    AnswerOver,
    AnswerUnclear,
    CaseRefused,
    CaseTooOld,
    LimitReached,
    SecondPersonNeeded,
    UnknownCase,
    UnknownToken,
)
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.views import CaseAt, spoken
from lockwright_desk.signin.roles import Role, Who, roles_in
from lockwright_desk.store.inserting import insert_of
from lockwright_desk.store.tables.cases import Answered, Case, CaseState
from lockwright_desk.store.tables.register import KeyVersion, Token
from lockwright_desk.store.tables.signin import Operator

_LOOK_SECONDS = 8.0
"""For how long a database that broke off is asked what it has; one that was killed comes back
in 2 to 5 s."""
_PAUSE = 0.25


@dataclass(frozen=True, slots=True)
class _Claim:
    """A Request that this case alone is answered, and by which key."""

    case: str
    serial: str
    request: bytes
    key: KeyRecord
    again: bool


def answer(parts: Parts, who: Who, at: CaseAt) -> Given:
    """See ``HelpDesk.answer``."""
    response = None
    try:
        with parts.audit.operation(
            "desk_case_answer", operator=who.name, **_about(parts, at)
        ) as recorded:
            claim = _claimed(parts, who, at)
            recorded.update(again=claim.again, custody=claim.key.custody.value)
            recorded["key_version"] = claim.key.version and claim.key.version.number
            try:
                response = parts.keeper.respond(claim.key, claim.request)
            except (KeeperLimit, TooManyAnswers) as error:
                _alert_of_keeper(parts, claim, error)
                raise
    except BaseException:
        # What is not recorded does not leave.
        if response is not None:
            response.wipe()
        raise
    return Given(claim.case, claim.serial, claim.request, response, claim.again)


def _about(parts: Parts, at: CaseAt) -> dict[str, object]:
    """What the trail says before anything is done."""
    chosen = (
        select(Case.number, Case.request, Token.adapter, Token.serial)
        .join(Token, Token.id == Case.token_id)
        .where(Case.number == plain(at.number))
    )
    with parts.database.looking() as connection:
        row = connection.execute(chosen).one_or_none()
    if row is None:
        raise UnknownCase(number=spoken(at.number))
    mark = None if row.request is None else sha256(row.request).hexdigest()
    return {
        "case": row.number,
        "adapter": row.adapter,
        "serial": row.serial,
        "request_sha256": mark,
    }


def _claimed(parts: Parts, who: Who, at: CaseAt) -> _Claim:
    """A claim; where the database breaks off, it is asked whether it has it."""
    try:
        return _claim(parts, who, at)
    except DatabaseAway:
        found = _looked_again(parts, who, at)
        if found is None:
            raise
        return found


def _claim(parts: Parts, who: Who, at: CaseAt) -> _Claim:
    with storing(parts, who, at, Act.ANSWER) as change:
        if change.case.state == CaseState.ANSWERED:
            change.changes_it = False
            claim: _Claim | None = _repeated(parts, change.session, change.case, change.now)
        else:
            claim = _first(parts, change)
    if claim is None:
        raise RequestAnswered  # behind the case's own refusal, which comes first
    return claim


def _looked_again(parts: Parts, who: Who, at: CaseAt) -> _Claim | None:
    """What is stored of an answer whose commit ended in an error; None if nothing is.

    Raises:
        AnswerUnclear: the database does not say.
    """
    until = time.monotonic() + _LOOK_SECONDS
    while True:
        try:
            with parts.database.reading() as session:
                case = session.scalar(select(Case).where(Case.number == plain(at.number)))
                if case is None or case.state != CaseState.ANSWERED:
                    return None
                if not same(case.opened_by, who.name):
                    return None
                return _repeated(parts, session, case, parts.clock())
        except DatabaseAway:
            if time.monotonic() > until:
                break
        time.sleep(_PAUSE)
    raise AnswerUnclear


def _repeated(parts: Parts, session: Session, case: Case, now: datetime) -> _Claim:
    """The claim that a case has; a clock that was set back does not make it last longer."""
    request = case.request or b""
    row = session.get_one(Answered, sha256(request).hexdigest())
    if row.case_id != case.id:
        raise RequestAnswered
    if abs(now - row.at) > parts.settings.again:
        raise AnswerOver(minutes=_minutes(parts.settings.again))
    token = session.get_one(Token, case.token_id)
    _check_hands(case, token)
    return _Claim(case.number, token.serial, request, _key(session, token), again=True)


def _first(parts: Parts, change: Change) -> _Claim | None:
    """Claim a Request for a case; None where the change says why not."""
    session, case, token, settings = change.session, change.case, change.token, parts.settings
    if case.verified_at is None or abs(change.now - case.verified_at) > settings.lasts:
        raise CaseTooOld(minutes=_minutes(settings.lasts))
    limits.lock_rows(session, change.client, token)
    _check_hands(case, token)
    key = _key(session, token)
    counted = Counted(token.id, case.client_id, change.who.name, _name_of(key))
    limits.lock_names(session, settings, counted)
    if _needs_second(parts, change) or _is_too_many(parts, change, counted):
        return None
    request = case.request or b""
    if not _insert(change, counted, request):
        return None
    case.state, case.answered_at = CaseState.ANSWERED, change.now
    if not settings.hours.inside(change.now):
        change.alert(AlertKind.OUTSIDE_HOURS, by=change.who.name)
    spool.prepare(session, settings.notices, case, change.now)
    return _Claim(case.number, token.serial, request, key, again=False)


def _insert(change: Change, counted: Counted, request: bytes) -> bool:
    """Enter a Request; of two who do so at once the second waits, and is told that it is there."""
    mark = sha256(request).hexdigest()
    entered = (
        insert_of(change.session.get_bind().dialect)(Answered)
        .values(
            request_sha256=mark,
            case_id=change.case.id,
            token_id=counted.token_id,
            client_id=counted.client_id,
            operator=counted.operator,
            key_version_id=change.token.key_version_id,
            key=counted.key,
            at=change.now,
        )
        .on_conflict_do_nothing()
        .returning(Answered.request_sha256)
    )
    if change.session.scalar(entered) is not None:
        return True
    change.alert(AlertKind.REQUEST_AGAIN, request_sha256=mark)
    change.leave(RequestAnswered(cost=CaseRefused.usual_cost))
    return False


def _needs_second(parts: Parts, change: Change) -> bool:
    """Whether rules ask for a second person that had not asked when somebody agreed."""
    case = change.case
    asking = rules.asking(
        change.session, parts.settings, case, change.token, change.client, change.now
    )
    agreed = (case.second_why or "").split() if _holds(change) else ()
    if not set(asking).difference(agreed):
        return False
    case.state, case.second_why = CaseState.WAITING, " ".join(asking)
    case.decided_by = case.decided_at = case.decided_why = None
    change.facts["second"] = list(asking)
    change.refusal = SecondPersonNeeded(why=rules.told(asking))
    return True


def _holds(change: Change) -> bool:
    """Whether somebody has agreed who may still do so: an account was suspended for a reason.

    One that is not there may not: accounts are never taken out, so somebody has put the name there.
    """
    case = change.case
    if case.state != CaseState.AGREED:
        return False
    chosen = select(Operator.suspended_at, Operator.roles).where(Operator.name == case.decided_by)
    row = change.session.execute(chosen).one_or_none()
    return row is not None and row.suspended_at is None and Role.APPROVER in roles_in(row.roles)


def _is_too_many(parts: Parts, change: Change, counted: Counted) -> bool:
    limit = limits.reached(change.session, parts.settings, counted, change.now)
    if limit is None:
        return False
    change.alert(AlertKind.LIMIT, most=limit.most, which=limit.which)
    change.leave(LimitReached(most=limit.most, which=_(limit.which)))
    return True


def _check_hands(case: Case, token: Token) -> None:
    """See that a token is still one that is unblocked, and in the same hands."""
    reason = opening.why_not(token)
    if token.client_id != case.client_id:
        reason = reason or _("somebody else holds it now")
    if reason is not None:
        raise UnknownToken(reason=reason)


def _key(session: Session, token: Token) -> KeyRecord:
    number = token.key_version_id
    return key_record(token, None if number is None else session.get_one(KeyVersion, number))


def _name_of(key: KeyRecord) -> str:
    """What answers are counted by: the key of the HSM, whichever tokens hang on it."""
    label = key.label if key.version is None else key.version.label
    return sha256(f"{key.custody.value} {label}".encode()).hexdigest()


def _alert_of_keeper(parts: Parts, claim: _Claim, error: KeeperLimit | TooManyAnswers) -> None:
    about = {"most": error.facts["number"], "which": "keeper"}
    with parts.database.writing() as session:
        case = session.scalars(select(Case).where(Case.number == claim.case)).one()
        new = alerts.add(session, AlertKind.LIMIT, parts.clock(), case, about)
    if new:
        alerts.record(parts.audit, {"kind": AlertKind.LIMIT.value, "case": claim.case, **about})


def _minutes(time: timedelta) -> int:
    return time // timedelta(minutes=1)
