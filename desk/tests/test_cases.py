"""A case as the call goes: from a token in the register to a Response, and to its end."""

from __future__ import annotations

import json

import pytest
from help_desk import ANNA, AUDITOR, BORIS, VERA, Bench, new_request, response_of
from lockwright.errors import RequestAnswered, RequestMalformed
from lockwright.spoken import spell_response
from lockwright_desk.helpdesk.refusals import (
    CaseTooOld,
    GroundsUnfit,
    MeansUnknown,
    NotYet,
    NotYourCase,
    OwnCase,
    StaleCase,
    TooManyWords,
    UnknownCase,
    UnknownToken,
    WordsWrong,
)
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.views import CaseAt, Filters
from lockwright_desk.signin.roles import NotAllowed, Role, Who
from lockwright_desk.store.tables.cases import CaseState, Way
from lockwright_desk.store.tables.register import TokenState

REQUEST = bytes.fromhex("A892D75601617C5D")
"""Answered once for each database."""


def test_the_whole_call_ends_with_the_response_of_this_token(either_bench: Bench) -> None:
    case = either_bench.desk.open(ANNA, either_bench.token(), Way.DICTATED)
    case = either_bench.desk.verify(ANNA, case.at, "call-back")
    taken = either_bench.desk.take_request(ANNA, case.at, "а892-d756 о161:7c5d")
    assert taken.case.check is not None
    words = taken.case.check.words("en")
    case = either_bench.desk.hear_words(ANNA, taken.case.at, words.upper())
    case = either_bench.desk.give_grounds(ANNA, case.at, "забыл PIN", "INC-1")
    assert case.state is CaseState.READY

    with either_bench.desk.answer(ANNA, case.at) as given:
        spelled, groups = given.spelled(), given.groups("ru")
        assert given.response == response_of(case.token.serial, given.request)

    expected = response_of(case.token.serial, REQUEST).reveal()
    assert spelled == spell_response(case.token.serial, REQUEST, expected)
    assert [each.characters for each in groups] == spelled.split()
    assert [each.is_check for each in groups] == [False] * 4 + [True]
    assert given.response.wiped
    assert len(taken.notes) == 2
    case = either_bench.desk.close(ANNA, either_bench.desk.case(ANNA, case.spoken).at, Act.WORKED)
    assert case.state is CaseState.WORKED
    acts = [each.act for each in either_bench.desk.history(AUDITOR, case.number)]
    assert acts == [
        Act.OPEN,
        Act.VERIFY,
        Act.TAKE_REQUEST,
        Act.HEAR_WORDS,
        Act.GIVE_GROUNDS,
        Act.ANSWER,
        Act.WORKED,
    ]


def test_nothing_secret_is_in_trail_or_database(bench: Bench) -> None:
    case = bench.ready()

    with bench.desk.answer(ANNA, case.at) as given:
        response = given.response.reveal()

    trail = (bench.folder / "audit.jsonl").read_text()
    history = json.dumps([dict(each.facts) for each in bench.desk.history(ANNA, case.number)])
    for text in (trail.lower(), history.lower()):
        assert response.hex() not in text
    assert f'"case":"{case.number}"' in trail.replace(" ", "")


def test_each_wrong_place_is_told_when_several_were_misheard(bench: Bench) -> None:
    case = bench.verified()

    with pytest.raises(RequestMalformed) as told:
        bench.desk.take_request(ANNA, case.at, "A8Ж2 D756 016I 7C5D")

    assert "character 3 of group 1 is «Ж»" in str(told.value)
    assert "character 4 of group 3 is «I»" in str(told.value)
    again = bench.desk.take_request(ANNA, case.at, "A892 D756 0161 7C5E")
    assert again.case.revision == case.revision + 1


@pytest.mark.parametrize("text", ["", "A892 D756 0161", "A892D75601617C5D" * 100, "\0" * 16])
def test_what_is_no_request_of_this_model_is_told_and_changes_nothing(
    bench: Bench, text: str
) -> None:
    case = bench.verified()

    with pytest.raises(RequestMalformed):
        bench.desk.take_request(ANNA, case.at, text)

    assert bench.desk.case(ANNA, case.number) == case


def test_a_request_that_another_case_has_answered_is_refused_as_soon_as_it_is_typed(
    either_bench: Bench,
) -> None:
    first = either_bench.answered()
    second = either_bench.verified()
    assert first.request is not None

    with pytest.raises(RequestAnswered):
        either_bench.desk.take_request(ANNA, second.at, first.request.hex())

    assert either_bench.desk.case(ANNA, second.number).request is None


def test_wrong_words_are_counted_and_end_the_case_at_the_third(either_bench: Bench) -> None:
    case = either_bench.desk.take_request(
        ANNA, either_bench.verified().at, new_request().hex()
    ).case

    for _time in range(2):
        with pytest.raises(WordsWrong):
            either_bench.desk.hear_words(ANNA, case.at, "abbey zebra")
        case = either_bench.desk.case(ANNA, case.number)
    with pytest.raises(TooManyWords):
        either_bench.desk.hear_words(ANNA, case.at, "abbey zebra")

    case = either_bench.desk.case(ANNA, case.number)
    assert case.wrong_checks == 3
    assert case.may == {Act.CALL_OFF}
    assert case.check is not None
    with pytest.raises(TooManyWords):
        either_bench.desk.hear_words(ANNA, case.at, case.check.words("ru"))
    with pytest.raises(TooManyWords):
        either_bench.desk.take_request(ANNA, case.at, new_request().hex())


def test_right_words_begin_the_count_anew(bench: Bench) -> None:
    case = bench.desk.take_request(ANNA, bench.verified().at, new_request().hex()).case
    with pytest.raises(WordsWrong):
        bench.desk.hear_words(ANNA, case.at, "abbey zebra")
    case = bench.desk.case(ANNA, case.number)
    assert case.check is not None

    case = bench.desk.hear_words(ANNA, case.at, case.check.digits)

    assert (case.wrong_checks, case.words_right) == (0, True)


def test_words_are_only_confirmed_where_the_bank_allows_it(bench: Bench) -> None:
    case = bench.desk.take_request(ANNA, bench.verified().at, new_request().hex()).case

    with pytest.raises(NotYet):
        bench.desk.hear_words(ANNA, case.at, None)
    bench.set(words_typed=False)

    assert bench.desk.hear_words(ANNA, case.at, None).words_right


def test_another_request_needs_its_own_words(bench: Bench) -> None:
    case = bench.heard()

    case = bench.desk.take_request(ANNA, case.at, new_request().hex()).case

    assert not case.words_right
    with pytest.raises(NotYet):
        bench.desk.give_grounds(ANNA, case.at, "reason", "ticket")


@pytest.mark.parametrize(
    ("reason", "ticket"), [("", "INC-1"), ("reason", " \t"), ("x" * 301, "INC-1"), ("why", "4711")]
)
def test_reason_and_ticket_are_wanted_as_the_bank_writes_them(
    bench: Bench, reason: str, ticket: str
) -> None:
    bench.set(ticket=r"INC-\d+")
    case = bench.heard()

    with pytest.raises(GroundsUnfit):
        bench.desk.give_grounds(ANNA, case.at, reason, ticket)


def test_of_two_who_change_a_case_at_once_one_is_told_by_whom(bench: Bench) -> None:
    case = bench.verified()
    bench.desk.close(BORIS, case.at, Act.CALL_OFF, "hung up")

    with pytest.raises(StaleCase, match="boris"):
        bench.desk.take_request(ANNA, case.at, new_request().hex())


def test_nobody_is_called_back_without_a_number_on_record(bench: Bench) -> None:
    case = bench.desk.open(ANNA, bench.token(bench.client(phone="")), Way.DICTATED)
    assert case.means_open == ("questions", "document")

    for means in ("call-back", "tarot", ""):
        with pytest.raises(MeansUnknown):
            bench.desk.verify(ANNA, case.at, means)


@pytest.mark.parametrize("state", [TokenState.LOST, TokenState.RETIRED])
def test_no_case_is_opened_for_a_token_that_is_gone(bench: Bench, state: TokenState) -> None:
    with pytest.raises(UnknownToken):
        bench.desk.open(ANNA, bench.token(state=state), Way.DICTATED)


@pytest.mark.parametrize("number", [0, -1, 2**31 - 1, 2**31, 2**70])
def test_no_case_is_opened_for_a_token_that_is_not_there(either_bench: Bench, number: int) -> None:
    with pytest.raises(UnknownToken):
        either_bench.desk.open(ANNA, number, Way.DICTATED)


def test_no_case_is_opened_for_a_token_without_a_key(bench: Bench) -> None:
    with pytest.raises(UnknownToken, match="administrator key"):
        bench.desk.open(ANNA, bench.token(custody=None), Way.DICTATED)


def test_nobody_opens_a_case_for_their_own_token(bench: Bench) -> None:
    mine = bench.token(bench.client(login="Clerk"))

    with pytest.raises(OwnCase):
        bench.desk.open(Who("clerk", frozenset({Role.OPERATOR})), mine, Way.DICTATED)


def test_a_case_is_its_operators_and_others_only_call_it_off(bench: Bench) -> None:
    case = bench.ready()

    assert bench.desk.case(BORIS, case.number).may == {Act.CALL_OFF}
    with pytest.raises(NotYourCase):
        bench.desk.answer(BORIS, case.at)
    assert bench.desk.close(BORIS, case.at, Act.CALL_OFF).state is CaseState.CALLED_OFF
    assert bench.keys.asked == []


def test_a_caller_who_was_verified_long_ago_is_not_answered(bench: Bench) -> None:
    case = bench.ready()
    before = bench.now

    for away in (bench.settings.lasts, -bench.settings.lasts):
        bench.now = before + away * 1.01
        with pytest.raises(CaseTooOld):
            bench.desk.answer(ANNA, case.at)
    bench.now = before

    bench.desk.answer(ANNA, case.at).wipe()


@pytest.mark.parametrize("number", ["", "0", "00000000", "4827-193O", "9" * 40, "\0", "٤٨٢٧١٩٣٠"])
def test_a_number_that_no_case_has_is_told(either_bench: Bench, number: str) -> None:
    with pytest.raises(UnknownCase):
        either_bench.desk.case(ANNA, number)
    with pytest.raises(UnknownCase):
        either_bench.desk.answer(ANNA, CaseAt(number, 1))


def test_each_door_asks_for_its_role(bench: Bench) -> None:
    case = bench.ready()
    at_it, desk = case.at, bench.desk
    nobody = Who("nobody", frozenset())
    for act in (
        lambda: desk.open(VERA, 1, Way.DICTATED),
        lambda: desk.verify(VERA, at_it, "call-back"),
        lambda: desk.take_request(AUDITOR, at_it, ""),
        lambda: desk.hear_words(AUDITOR, at_it, ""),
        lambda: desk.give_grounds(VERA, at_it, "", ""),
        lambda: desk.decide(ANNA, at_it, agree=True, why=""),
        lambda: desk.answer(VERA, at_it),
        lambda: desk.close(VERA, at_it, Act.CALL_OFF),
        lambda: desk.case(nobody, case.number),
        lambda: desk.history(nobody, case.number),
        lambda: desk.queue(nobody, Filters()),
        lambda: desk.alerts(ANNA),
        lambda: desk.seen(ANNA, 1),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert bench.keys.asked == []
