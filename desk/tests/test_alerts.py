"""What somebody should look at is noted, recorded for the SIEM, and seen once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
from help_desk import ANNA, AUDITOR, BORIS, VERA, Bench, new_request
from lockwright_desk.configuration.helpdesk import HoursSettings
from lockwright_desk.helpdesk.alerts import TEXTS, AlertKind
from lockwright_desk.helpdesk.refusals import TooManyWords, UnknownAlert, WordsWrong
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.views import AlertSeen, CaseSeen
from lockwright_desk.store.tables.cases import Way


def about(bench: Bench, case: CaseSeen) -> Sequence[AlertSeen]:
    return [each for each in bench.desk.alerts(VERA) if each.case == case.number]


def wrong(bench: Bench, case: CaseSeen) -> CaseSeen:
    with pytest.raises((WordsWrong, TooManyWords)):
        bench.desk.hear_words(ANNA, case.at, "abbey zebra")
    return bench.desk.case(ANNA, case.number)


def test_a_second_case_for_one_token_is_told_as_long_as_the_first_is_open(
    either_bench: Bench,
) -> None:
    bench, token = either_bench, either_bench.token()
    first = bench.desk.open(ANNA, token, Way.DICTATED)
    second = bench.desk.open(BORIS, token, Way.LINE)

    [alert] = about(bench, second)
    assert (alert.kind, alert.facts) == ("two-cases", {"others": [first.number]})
    assert alert.told == {"others": first.spoken}
    assert about(bench, first) == []
    for case in (first, second):
        bench.desk.close(ANNA, case.at, Act.CALL_OFF)
    assert about(bench, bench.desk.open(ANNA, token, Way.DICTATED)) == []


def test_wrong_words_in_a_row_are_told_also_where_each_was_in_another_case(bench: Bench) -> None:
    token = bench.token()
    for _each in range(2):
        case = bench.desk.take_request(ANNA, bench.verified(token).at, new_request().hex()).case
        case = wrong(bench, case)
        assert "wrong-checks" not in {each.kind for each in about(bench, case)}
        bench.desk.close(ANNA, case.at, Act.CALL_OFF)

    case = bench.desk.take_request(ANNA, bench.verified(token).at, new_request().hex()).case
    case = wrong(bench, case)

    [alert] = about(bench, case)
    assert (alert.kind, alert.facts) == ("wrong-checks", {"count": 3})


def test_right_words_or_a_day_end_the_row(bench: Bench) -> None:
    token = bench.token()
    case = bench.desk.take_request(ANNA, bench.verified(token).at, new_request().hex()).case
    case = wrong(bench, wrong(bench, case))
    bench.desk.close(ANNA, case.at, Act.CALL_OFF)
    bench.now += timedelta(days=1, seconds=1)
    case = bench.desk.take_request(ANNA, bench.verified(token).at, new_request().hex()).case
    case = wrong(bench, wrong(bench, case))

    assert about(bench, case) == []
    assert case.check is not None
    case = bench.desk.hear_words(ANNA, case.at, case.check.words("en"))
    case = bench.desk.take_request(ANNA, case.at, new_request().hex()).case
    assert about(bench, wrong(bench, wrong(bench, case))) == []


def test_an_answer_outside_hours_is_told(bench: Bench) -> None:
    bench.set(hours=HoursSettings(days=frozenset()))

    [alert] = about(bench, bench.answered())

    assert (alert.kind, alert.facts) == ("outside-hours", {"by": "anna"})


def test_an_alert_is_seen_by_the_first_who_says_so(bench: Bench) -> None:
    bench.set(hours=HoursSettings(days=frozenset()))
    case = bench.answered()
    [alert] = about(bench, case)

    bench.desk.seen(VERA, alert.id)
    bench.desk.seen(AUDITOR, alert.id)

    assert about(bench, case) == []
    [alert] = [each for each in bench.desk.alerts(VERA, everything=True) if each.id == alert.id]
    assert (alert.seen_by, alert.seen_at) == ("vera", bench.now)
    for number in (0, -1, 2**31, 2**63 - 1, 2**63, 2**80):
        with pytest.raises(UnknownAlert):
            bench.desk.seen(VERA, number)


def test_each_alert_is_in_the_audit_trail_for_the_siem(bench: Bench) -> None:
    bench.set(hours=HoursSettings(days=frozenset()))
    case = bench.answered()

    lines = (bench.folder / "audit.jsonl").read_text().splitlines()
    alerts = [each for each in map(json.loads, lines) if each["hook"] == "desk_alert"]

    assert [each["event"] for each in alerts] == ["intent", "outcome"]
    assert alerts[0]["facts"] == {"kind": "outside-hours", "case": case.number, "by": "anna"}


def test_alerts_are_read_page_by_page(either_bench: Bench) -> None:
    bench = either_bench
    bench.set(hours=HoursSettings(days=frozenset()))
    numbers = [bench.answered().number for _each in range(3)]

    first = bench.desk.alerts(AUDITOR, most=2)
    [third] = bench.desk.alerts(AUDITOR, after=first[-1].id, most=1)

    assert [*(each.case for each in first), third.case] == numbers[::-1]


def test_every_kind_is_told_in_words() -> None:
    assert TEXTS.keys() == set(AlertKind)
