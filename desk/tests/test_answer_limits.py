"""Limits hold exactly, however many ask at once, and whatever the clock does."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from help_desk import ANNA, AUDITOR, BORIS, Bench
from lockwright.errors import LockwrightError
from lockwright_desk.configuration.helpdesk import AnswerLimits, HoursSettings
from lockwright_desk.helpdesk.refusals import LimitReached
from lockwright_desk.helpdesk.views import CaseSeen
from lockwright_desk.signin.roles import Who
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import CaseState
from lockwright_desk.store.tables.register import Token
from sqlalchemy import update

AT_ONCE = 6
MOST = 2
DAY = timedelta(hours=24)


def none_but(**limits: int | None) -> AnswerLimits:
    usual: dict[str, int | None] = {"token_day": None, "client_day": None}
    return AnswerLimits(**{**usual, **limits})


@pytest.fixture
def other(either_bench: Bench) -> Iterator[Database]:
    """The same database, as another replica has it."""
    url = either_bench.database.engine.url.render_as_string(hide_password=False)
    with closing(Database(url)) as made:
        yield made


@pytest.mark.parametrize("limit", ["token_day", "client_month", "operator_day", "key_month"])
def test_a_limit_holds_when_many_are_answered_at_once(
    either_bench: Bench, other: Database, limit: str
) -> None:
    bench = either_bench
    bench.set(limits=none_but(**{limit: MOST}))
    who = Who(f"operator of {limit} {bench.folder.name}"[:64], ANNA.roles)
    client = bench.client()
    tokens = [bench.token(client if limit == "client_month" else None) for _each in range(AT_ONCE)]
    if limit == "token_day":
        tokens = tokens[:1] * AT_ONCE
    if limit == "key_month":
        with bench.database.writing() as session:
            chosen = update(Token).where(Token.id.in_(tokens))
            session.execute(chosen.values(key_label=bench.folder.name))
    people = [who if limit == "operator_day" else ANNA] * AT_ONCE
    cases = [bench.ready(token, person) for token, person in zip(tokens, people, strict=True)]
    replicas = [bench.desk, bench.replica(other)]

    def answer(place: int) -> type[LockwrightError] | None:
        try:
            replicas[place % 2].answer(people[place], cases[place].at).wipe()
        except LockwrightError as error:
            return type(error)
        return None

    with ThreadPoolExecutor(AT_ONCE) as threads:
        ended = list(threads.map(answer, range(AT_ONCE)))

    assert sorted(ended, key=str) == sorted(
        [None] * MOST + [LimitReached] * (AT_ONCE - MOST), key=str
    )
    assert len(bench.keys.asked) == MOST
    told = {each.case for each in bench.desk.alerts(AUDITOR) if each.kind == "limit-reached"}
    for case, end in zip(cases, ended, strict=True):
        assert (case.number in told) is (end is not None)


def refused(bench: Bench, case: CaseSeen) -> bool:
    """Whether a limit stands in the way of an answer."""
    try:
        bench.desk.answer(ANNA, case.at).wipe()
    except LimitReached:
        return True
    return False


def test_a_day_is_over_after_24_hours_and_not_before(bench: Bench) -> None:
    bench.set(limits=none_but(token_day=1))
    token, begun = bench.token(), bench.now
    bench.closed(token)

    for ahead, expected in ((DAY - timedelta(seconds=1), True), (DAY, False)):
        bench.now = begun + ahead
        assert refused(bench, bench.ready(token)) is expected


def test_a_clock_that_is_set_back_gets_round_no_limit(bench: Bench) -> None:
    bench.set(limits=none_but(token_day=1, token_month=1))
    token, right = bench.token(), bench.now
    bench.closed(token)

    for back in (timedelta(hours=1), 3 * DAY, 70 * DAY):
        bench.now = right - back
        assert refused(bench, bench.ready(token))


def test_a_month_begins_at_midnight_of_the_banks_first_day(bench: Bench) -> None:
    zone = ZoneInfo("Asia/Vladivostok")
    bench.set(limits=none_but(client_month=1), hours=HoursSettings(zone))
    token = bench.token()
    bench.now = datetime(2027, 2, 28, 13, 59, tzinfo=UTC)
    bench.closed(token)
    assert refused(bench, bench.ready(token))

    bench.now = datetime(2027, 2, 28, 14, 0, tzinfo=UTC)

    assert not refused(bench, bench.ready(token))


def test_a_limit_of_one_client_is_nobody_elses(bench: Bench) -> None:
    bench.set(limits=none_but(client_day=1))
    token, others = bench.token(), bench.token()
    bench.closed(token)

    assert not refused(bench, bench.ready(others))


def test_a_case_that_a_limit_refused_is_as_it_was_and_is_answered_later(bench: Bench) -> None:
    bench.set(limits=none_but(operator_day=1), lasts=2 * DAY)
    who = Who(f"clerk {bench.folder.name}"[:64], ANNA.roles)
    bench.answered(who=who)
    case = bench.ready(who=who)
    for _time in range(3):
        with pytest.raises(LimitReached, match="operator"):
            bench.desk.answer(who, case.at)

    assert bench.desk.case(who, case.number) == case
    assert case.state is CaseState.READY
    bench.now += DAY
    bench.desk.answer(who, case.at).wipe()


def test_an_answer_that_is_shown_again_counts_once(bench: Bench) -> None:
    bench.set(limits=none_but(token_day=2))
    token = bench.token()
    case = bench.answered(token)
    for _time in range(3):
        bench.desk.answer(ANNA, case.at).wipe()

    assert not refused(bench, bench.ready(token))


def test_limits_are_on_unless_the_bank_says_otherwise(bench: Bench) -> None:
    bench.set(limits=AnswerLimits())
    client = bench.client()
    for _time in range(5):
        bench.answered(bench.token(client), BORIS)

    assert refused(bench, bench.ready(bench.token(client)))
