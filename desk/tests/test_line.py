"""The line at the desk: what strangers may, what an operator does, and how a Request ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from help_desk import ANNA, BORIS, EASY, VERA, Bench, new_request, response_of
from lockwright.line.sealed import SealBroken
from lockwright.spoken import spell, spell_response
from lockwright_desk.configuration.helpdesk import LineSettings
from lockwright_desk.errors import KeeperAway
from lockwright_desk.helpdesk.alerts import AlertKind
from lockwright_desk.helpdesk.over_line.refusals import LineFull, LineOver, LineUnknown, NoSuchLine
from lockwright_desk.helpdesk.refusals import (
    CaseElsewhere,
    NotYet,
    NotYourCase,
    UnknownToken,
    WordsWrong,
)
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.signin.roles import NotAllowed
from lockwright_desk.store.tables.cases import Alert, CaseState
from lockwright_desk.store.tables.line import Line
from on_line import Window, ready
from sqlalchemy import delete, select


@pytest.fixture(autouse=True)
def _nobody_waits(request: pytest.FixtureRequest) -> None:
    """Tests share a store, and limits count what others have sent."""
    for name in {"bench", "either_bench"} & set(request.fixturenames):
        with request.getfixturevalue(name).database.writing() as session:
            session.execute(delete(Line))


@pytest.fixture
def window(bench: Bench) -> Window:
    """A window of a token of the register, whose Request is on the line."""
    made = Window.of(bench, bench.token())
    made.opens()
    return made


def row(bench: Bench, window: Window) -> Line:
    with bench.database.reading() as session:
        return session.scalars(select(Line).where(Line.number == window.opened.number)).one()


def test_a_response_goes_to_the_window_that_asked_and_to_no_other(either_bench: Bench) -> None:
    bench = either_bench
    window, other = (Window.of(bench, bench.token()) for _each in range(2))
    window.opens()
    other.opens()
    assert window.looks().state == "waiting"
    case = ready(bench, window, ANNA)
    assert window.looks().state == "taken"

    sent = bench.desk.send(ANNA, case.at)

    assert (sent.state, sent.line and sent.line.stands) == (CaseState.ANSWERED, "answered")
    look = window.looks()
    assert (look.state, look.by) == ("answered", "Анна")
    response = response_of(window.serial, window.request).reveal()
    assert window.reads(look) == spell_response(window.serial, window.request, response)
    with pytest.raises(SealBroken):
        other.reads(look)
    with pytest.raises(SealBroken):
        window.reads(replace(look, by="Мария"))
    assert other.looks().sealed is None
    window.strangers.received(window.opened.secret)
    assert row(bench, window).sealed is None
    assert (window.looks().state, window.looks().why) == ("ended", "received")


def test_nothing_opens_before_the_caller_is_verified(bench: Bench, window: Window) -> None:
    case = bench.desk.take_line(ANNA, window.opened.number)
    assert (case.state, case.request) == (CaseState.OPEN, None)
    tries: list[Callable[[], object]] = [
        lambda: bench.desk.hear_words(ANNA, case.at, window.words),
        lambda: bench.desk.send(ANNA, case.at),
    ]
    for each in tries:
        with pytest.raises((CaseElsewhere, NotYet, LineOver)):
            each()
    case = bench.desk.verify(ANNA, case.at, "call-back")
    assert case.request == window.request
    with pytest.raises(NotYet):
        bench.desk.give_grounds(ANNA, case.at, "why", "INC-1")
    assert bench.keys.asked == []


def test_the_words_are_typed_as_heard_even_where_confirming_would_be_enough(
    bench: Bench, window: Window
) -> None:
    bench.set(words_typed=False)
    case = bench.desk.take_line(ANNA, window.opened.number)
    case = bench.desk.verify(ANNA, case.at, "call-back")

    with pytest.raises(NotYet):
        bench.desk.hear_words(ANNA, case.at, None)
    with pytest.raises(WordsWrong):  # of a caller whose Request is another
        bench.desk.hear_words(ANNA, case.at, replace(window, request=new_request()).words)


def test_a_second_person_is_asked_as_for_a_request_that_is_dictated(
    bench: Bench, window: Window
) -> None:
    bench.account(VERA)
    bench.set(second=replace(EASY.second, every=1))
    case = ready(bench, window, ANNA)
    assert case.state == CaseState.WAITING
    with pytest.raises(CaseElsewhere):
        bench.desk.send(ANNA, case.at)

    agreed = bench.desk.decide(VERA, case.at, agree=True, why="")
    bench.desk.send(ANNA, agreed.at)

    assert window.looks().state == "answered"


def test_of_two_who_take_a_number_one_has_it(bench: Bench, window: Window) -> None:
    bench.desk.take_line(ANNA, f"{window.opened.number[:3]}-{window.opened.number[3:]}")

    with pytest.raises(NoSuchLine):
        bench.desk.take_line(BORIS, window.opened.number)


def test_who_approves_takes_nothing_and_sends_nothing(bench: Bench, window: Window) -> None:
    with pytest.raises(NotAllowed):
        bench.desk.take_line(VERA, window.opened.number)
    case = ready(bench, window, ANNA)
    with pytest.raises(NotAllowed):
        bench.desk.send(VERA, case.at)
    with pytest.raises(NotYourCase):
        bench.desk.send(BORIS, case.at)


def test_a_number_without_its_secret_opens_nothing(bench: Bench, window: Window) -> None:
    case = ready(bench, window, ANNA)
    bench.desk.send(ANNA, case.at)

    for secret in (window.opened.number, "A" * 43, row(bench, window).hash):
        for ask in (
            lambda secret=secret: window.strangers.look(secret, noted=True),
            lambda secret=secret: window.strangers.received(secret),
            lambda secret=secret: window.strangers.call_off(secret),
        ):
            with pytest.raises(LineUnknown):
                ask()
    assert window.looks().state == "answered"


def test_a_stranger_is_told_the_same_of_a_token_that_the_register_has_not(bench: Bench) -> None:
    known = Window.of(bench, bench.token())
    unknown = replace(known, serial="0B53999999999999", request=new_request())

    told = [each.opens() for each in (known, unknown)]

    assert [(len(each.number), len(each.secret), each.seconds) for each in told] == [
        (6, 43, 900),
        (6, 43, 900),
    ]
    assert known.looks().state == unknown.looks().state == "waiting"
    seen = {each.number: each.client for each in bench.desk.lines(ANNA)}
    assert seen[told[0].number]
    assert seen[told[1].number] is None
    with pytest.raises(UnknownToken):
        bench.desk.take_line(ANNA, told[1].number)


@pytest.mark.parametrize("limit", ["address_hour", "serial_hour", "waiting"])
def test_requests_of_strangers_are_limited(bench: Bench, limit: str) -> None:
    two: Any = {limit: 2}
    bench.set(line=LineSettings(is_open=True, **two))
    window = Window.of(bench, bench.token())
    for _each in range(2):
        replace(window, request=new_request()).opens()

    with pytest.raises(LineFull):
        window.opens()

    other = Window.of(bench, bench.token(), address="192.0.2.8")
    if limit == "waiting":
        with pytest.raises(LineFull):
            other.opens()
    else:
        other.opens()
    bench.now += timedelta(hours=2)
    window.opens()


def test_two_windows_of_one_token_are_told_once(bench: Bench, window: Window) -> None:
    for _each in range(2):
        replace(window, request=new_request()).opens()

    with bench.database.reading() as session:
        found = session.scalars(select(Alert).where(Alert.kind == AlertKind.TWO_LINES)).all()
    assert [window.serial in each.about for each in found if window.serial in each.about] == [True]


def test_a_window_that_was_closed_gets_nothing(bench: Bench, window: Window) -> None:
    case = ready(bench, window, ANNA)
    window.strangers.call_off(window.opened.secret)

    with pytest.raises(LineOver):
        bench.desk.send(ANNA, case.at)

    assert bench.keys.asked == []
    assert bench.desk.answer(ANNA, case.at).response  # it can be read out all the same


def test_a_request_that_nobody_answers_ends(bench: Bench, window: Window) -> None:
    case = ready(bench, window, ANNA)
    bench.now += timedelta(seconds=901)

    assert (window.looks().state, window.looks().why) == ("ended", "over")
    with pytest.raises(LineOver):
        bench.desk.send(ANNA, case.at)


def test_a_sealed_response_that_nobody_fetched_is_taken_out(bench: Bench, window: Window) -> None:
    bench.desk.send(ANNA, ready(bench, window, ANNA).at)
    bench.now += timedelta(seconds=901)

    Window.of(bench, bench.token()).opens()

    assert (row(bench, window).sealed, row(bench, window).ended_why) == (None, "over")


def test_a_case_that_is_called_off_ends_the_wait(bench: Bench, window: Window) -> None:
    case = ready(bench, window, ANNA)

    bench.desk.close(ANNA, case.at, Act.CALL_OFF)

    assert (window.looks().state, window.looks().why) == ("ended", "closed")


def test_another_request_than_the_window_s_is_not_sent_there(bench: Bench, window: Window) -> None:
    case = bench.desk.take_line(ANNA, window.opened.number)
    case = bench.desk.verify(ANNA, case.at, "call-back")
    dictated = replace(window, request=new_request())
    case = bench.desk.take_request(ANNA, case.at, spell(dictated.request)).case
    case = bench.desk.hear_words(ANNA, case.at, dictated.words)
    case = bench.desk.give_grounds(ANNA, case.at, "PIN", "INC-1")

    with pytest.raises(LineOver):
        bench.desk.send(ANNA, case.at)

    assert bench.keys.asked == []


def test_a_keeper_that_was_away_is_asked_again(bench: Bench, window: Window) -> None:
    case = ready(bench, window, ANNA)

    def away() -> None:
        raise KeeperAway(reason="away")

    bench.keys.before = away
    with pytest.raises(KeeperAway):
        bench.desk.send(ANNA, case.at)
    bench.keys.before = lambda: None

    bench.desk.send(ANNA, case.at)

    assert window.looks().state == "answered"


def test_a_request_that_was_answered_once_is_not_taken_from_the_line(
    bench: Bench, window: Window
) -> None:
    bench.desk.send(ANNA, ready(bench, window, ANNA).at)
    window.strangers.received(window.opened.secret)
    again = replace(window)
    again.opens()

    case = bench.desk.take_line(ANNA, again.opened.number)
    case = bench.desk.verify(ANNA, case.at, "call-back")

    assert case.request is None
    assert bench.count(Alert, Alert.kind == AlertKind.REQUEST_AGAIN) >= 1
