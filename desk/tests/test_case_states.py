"""What can be done with a case from each state: every act tried in every one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from help_desk import ANNA, BORIS, NO_SECOND, VERA, Bench, new_request
from lockwright.errors import LockwrightError
from lockwright_desk.configuration.helpdesk import SecondSettings
from lockwright_desk.helpdesk.refusals import CaseElsewhere, NotYet
from lockwright_desk.helpdesk.service import HelpDesk
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.views import CaseSeen
from lockwright_desk.signin import operators
from lockwright_desk.signin.console import at_the_console
from lockwright_desk.signin.roles import Role
from lockwright_desk.store.tables.cases import CaseState, Way

ALWAYS_TWO = SecondSettings(
    month=0, suspended=False, new_holder=None, outside_hours=False, every=None
)


def _waiting(bench: Bench) -> CaseSeen:
    bench.set(second=ALWAYS_TWO)
    return bench.ready()


def _decided(bench: Bench, *, agree: bool) -> CaseSeen:
    console = at_the_console("tests")
    if VERA.name not in {each.name for each in operators.every(bench.database, console)}:
        operators.add(bench.database, console, VERA.name, "", [Role.APPROVER], bench.now)
    return bench.desk.decide(VERA, _waiting(bench).at, agree=agree, why="looked at it")


def _off(bench: Bench) -> CaseSeen:
    return bench.desk.close(ANNA, bench.verified().at, Act.CALL_OFF)


MADE: dict[CaseState, Callable[[Bench], CaseSeen]] = {
    CaseState.OPEN: lambda bench: bench.desk.open(ANNA, bench.token(), Way.DICTATED),
    CaseState.VERIFIED: Bench.heard,
    CaseState.READY: Bench.ready,
    CaseState.WAITING: _waiting,
    CaseState.AGREED: lambda bench: _decided(bench, agree=True),
    CaseState.DENIED: lambda bench: _decided(bench, agree=False),
    CaseState.ANSWERED: Bench.answered,
    CaseState.WORKED: Bench.closed,
    CaseState.FAILED: lambda bench: bench.closed(outcome=Act.FAILED),
    CaseState.CALLED_OFF: _off,
}
DONE: dict[Act, Callable[[HelpDesk, CaseSeen], object]] = {
    Act.VERIFY: lambda desk, case: desk.verify(ANNA, case.at, "questions"),
    Act.TAKE_REQUEST: lambda desk, case: desk.take_request(ANNA, case.at, new_request().hex()),
    Act.HEAR_WORDS: lambda desk, case: desk.hear_words(ANNA, case.at, _words(case)),
    Act.GIVE_GROUNDS: lambda desk, case: desk.give_grounds(ANNA, case.at, "why", "INC-1"),
    Act.AGREE: lambda desk, case: desk.decide(VERA, case.at, agree=True, why=""),
    Act.REFUSE: lambda desk, case: desk.decide(VERA, case.at, agree=False, why="no"),
    Act.ANSWER: lambda desk, case: desk.answer(ANNA, case.at).wipe(),
    Act.WORKED: lambda desk, case: desk.close(ANNA, case.at, Act.WORKED),
    Act.FAILED: lambda desk, case: desk.close(ANNA, case.at, Act.FAILED),
    Act.CALL_OFF: lambda desk, case: desk.close(BORIS, case.at, Act.CALL_OFF),
}
LEADS = {
    CaseState.OPEN: {Act.VERIFY: "verified", Act.CALL_OFF: "called-off"},
    CaseState.VERIFIED: {
        Act.TAKE_REQUEST: "verified",
        Act.HEAR_WORDS: "verified",
        Act.GIVE_GROUNDS: "ready",
        Act.CALL_OFF: "called-off",
    },
    CaseState.READY: {Act.ANSWER: "answered", Act.CALL_OFF: "called-off"},
    CaseState.WAITING: {Act.AGREE: "agreed", Act.REFUSE: "denied", Act.CALL_OFF: "called-off"},
    CaseState.AGREED: {Act.ANSWER: "answered", Act.CALL_OFF: "called-off"},
    CaseState.DENIED: {Act.CALL_OFF: "called-off"},
    CaseState.ANSWERED: {
        Act.ANSWER: "answered",
        Act.WORKED: "worked",
        Act.FAILED: "failed",
        Act.CALL_OFF: "called-off",
    },
    CaseState.WORKED: {},
    CaseState.FAILED: {},
    CaseState.CALLED_OFF: {},
}
"""The whole table; what is not here is refused."""


def _made(bench: Bench, state: CaseState) -> CaseSeen:
    """A case in that state, as its operator sees it."""
    bench.set(second=NO_SECOND)
    case = bench.desk.case(ANNA, MADE[state](bench).number)
    assert case.state is state
    return case


def _words(case: CaseSeen) -> str:
    return case.check.words("ru") if case.check else "-"


@pytest.mark.parametrize("state", CaseState)
def test_an_act_leads_where_the_table_says_or_is_refused(bench: Bench, state: CaseState) -> None:
    case = _made(bench, state)
    for act, do in DONE.items():
        try:
            do(bench.desk, case)
        except CaseElsewhere:
            then = None
        else:
            then = bench.desk.case(ANNA, case.number).state.value

        assert then == LEADS[state].get(act), act
        if then is None:
            assert bench.desk.case(ANNA, case.number) == case
        else:
            case = _made(bench, state)


@pytest.mark.parametrize("state", CaseState)
def test_what_a_page_offers_is_what_can_be_done(bench: Bench, state: CaseState) -> None:
    case = MADE[state](bench)
    for who in (ANNA, BORIS, VERA):
        offered = bench.desk.case(who, case.number).may
        expected = {
            act
            for act in LEADS[state]
            if (act is Act.CALL_OFF and who is not VERA)
            or who is (VERA if act in {Act.AGREE, Act.REFUSE} else ANNA)
        }
        assert offered == expected, who.name


def test_every_state_is_in_the_table() -> None:
    assert LEADS.keys() == MADE.keys() == set(CaseState)
    assert DONE.keys() == set(Act) - {Act.OPEN, Act.SEND}


def test_nothing_is_skipped_on_the_way_to_a_response(bench: Bench) -> None:
    """Grounds before words, words before a Request: each is told what comes first."""
    bench.set(second=NO_SECOND)
    case = bench.verified()
    tries: list[Callable[[CaseSeen], object]] = [
        lambda seen: bench.desk.hear_words(ANNA, seen.at, "0001 0002"),
        lambda seen: bench.desk.give_grounds(ANNA, seen.at, "why", "INC-1"),
    ]
    for each in tries:
        with pytest.raises(NotYet):
            each(case)
    case = bench.desk.take_request(ANNA, case.at, new_request().hex()).case
    with pytest.raises(NotYet):
        tries[1](case)
    with pytest.raises(LockwrightError):
        bench.desk.answer(ANNA, case.at)
    assert bench.keys.asked == []
