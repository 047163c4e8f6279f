"""The call: who is calling, the Request, its words, and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from lockwright.errors import RequestAnswered
from lockwright.i18n import N_, _
from lockwright.spoken import request_check
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lockwright_desk.helpdesk import rules, typed
from lockwright_desk.helpdesk.alerts import AlertKind
from lockwright_desk.helpdesk.change import Change, changing
from lockwright_desk.helpdesk.lines import line, needed
from lockwright_desk.helpdesk.over_line.rows import of_case
from lockwright_desk.helpdesk.parts import Parts
from lockwright_desk.helpdesk.refusals import (
    CaseRefused,
    MeansUnknown,
    NotYet,
    TooManyWords,
    WordsWrong,
)
from lockwright_desk.helpdesk.seeing import means_open
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.views import CaseAt, CaseSeen, Taken
from lockwright_desk.signin.roles import Who
from lockwright_desk.store.tables.cases import Answered, Case, CaseState, Way

_A_DAY = timedelta(hours=24)
_FIRST_REQUEST = N_("the Request, as the client reads it out")
_FIRST_WORDS = N_("the words that the client says, typed as they are heard")


def verify(parts: Parts, who: Who, at: CaseAt, means: str) -> CaseSeen:
    """See ``HelpDesk.verify``."""
    with changing(parts, who, at, Act.VERIFY) as change:
        case, known = change.case, means_open(parts.settings, change.client)
        if means not in known:
            raise MeansUnknown(means=means, known=known)
        case.state, case.verified_by_means = CaseState.VERIFIED, means
        case.verified_at = change.now
        change.facts["means"] = means
        if case.way == Way.LINE:
            _take_from_line(change)
    return change.seen


def take_request(parts: Parts, who: Who, at: CaseAt, text: str) -> Taken:
    """See ``HelpDesk.take_request``."""
    with changing(parts, who, at, Act.TAKE_REQUEST) as change:
        case, token = change.case, change.token
        _check_tries(parts, case)
        rule = parts.rules(token.adapter, token.model)
        heard = typed.read(text, rule.request_length)
        mark = sha256(heard.value).hexdigest()
        # What was answered to this case would have left it in another state.
        if change.session.get(Answered, mark) is not None:
            change.alert(AlertKind.REQUEST_AGAIN, request_sha256=mark)
            change.leave(RequestAnswered(cost=CaseRefused.usual_cost))
        else:
            case.request, case.words_heard = heard.value, None
            change.facts["request_sha256"] = mark
    return Taken(change.seen, tuple(_(note) for note in heard.notes))


def hear_words(parts: Parts, who: Who, at: CaseAt, heard: str | None) -> CaseSeen:
    """See ``HelpDesk.hear_words``."""
    with changing(parts, who, at, Act.HEAR_WORDS) as change:
        case = change.case
        if case.request is None:
            raise NotYet(missing=_(_FIRST_REQUEST))
        if heard is None and (parts.settings.words_typed or case.way == Way.LINE):
            raise NotYet(missing=_(_FIRST_WORDS))
        _check_tries(parts, case)
        check = request_check(change.token.serial, case.request)
        change.facts["typed"] = heard is not None
        if heard is None or check.agrees(heard):
            case.words_heard = line(heard or check.digits, _("what was heard"))
            case.wrong_checks = 0
        else:
            _count_wrong(parts, change)
    return change.seen


def give_grounds(parts: Parts, who: Who, at: CaseAt, reason: str, ticket: str) -> CaseSeen:
    """See ``HelpDesk.give_grounds``."""
    with changing(parts, who, at, Act.GIVE_GROUNDS) as change:
        case, settings = change.case, parts.settings
        if case.request is None:
            raise NotYet(missing=_(_FIRST_REQUEST))
        if case.words_heard is None:
            raise NotYet(missing=_(_FIRST_WORDS))
        case.reason = needed(reason, _("the reason"))
        case.ticket = needed(ticket, _("the ticket"), settings.ticket)
        asking = rules.asking(
            change.session, settings, case, change.token, change.client, change.now
        )
        case.second_why = " ".join(asking) or None
        case.state = CaseState.WAITING if asking else CaseState.READY
        change.facts.update(reason=case.reason, ticket=case.ticket, second=list(asking))
    return change.seen


def _take_from_line(change: Change) -> None:
    """The Request that waits on the line, now that it is known who called."""
    line = of_case(change.session, change.case)
    if line is None:
        return
    mark = sha256(line.request).hexdigest()
    if change.session.get(Answered, mark) is not None:
        change.alert(AlertKind.REQUEST_AGAIN, request_sha256=mark)
        return
    change.case.request = line.request
    change.facts["request_sha256"] = mark


def _check_tries(parts: Parts, case: Case) -> None:
    if case.wrong_checks >= parts.settings.word_tries:
        raise TooManyWords(count=case.wrong_checks)


def _count_wrong(parts: Parts, change: Change) -> None:
    """Count it for the case, and look at what other cases of the token have seen."""
    case = change.case
    case.wrong_checks += 1
    change.facts["wrong"] = case.wrong_checks
    change.session.flush()
    in_a_row = _in_a_row(change.session, case, change.now - _A_DAY)
    if in_a_row >= parts.settings.word_tries:
        change.alert(AlertKind.WRONG_WORDS, count=in_a_row)
    if case.wrong_checks >= parts.settings.word_tries:
        change.refusal = TooManyWords(count=case.wrong_checks)
    else:
        change.refusal = WordsWrong(count=case.wrong_checks)


def _in_a_row(session: Session, case: Case, since: datetime) -> int:
    """Wrong words of all cases of a token within a day, since the right ones were heard."""
    of_token = (Case.token_id == case.token_id, Case.opened_at > since)
    last = select(func.max(Case.id)).where(*of_token, Case.words_heard.is_not(None))
    right = session.scalar(last) or 0
    summed = select(func.sum(Case.wrong_checks)).where(*of_token, Case.id > right)
    return session.scalar(summed) or 0
