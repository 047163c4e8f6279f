"""When a second person has to agree, and who cannot be that person."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from help_desk import ANNA, BORIS, NO_SECOND, VERA, Bench, new_request
from lockwright_desk.configuration.helpdesk import HoursSettings, SecondSettings
from lockwright_desk.helpdesk.refusals import GroundsUnfit, OwnCase, SecondPersonNeeded
from lockwright_desk.helpdesk.rules import Rule
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.signin import operators
from lockwright_desk.signin.console import at_the_console
from lockwright_desk.signin.roles import Role, Who
from lockwright_desk.store.tables.cases import CaseState
from lockwright_desk.store.tables.register import Token, TokenState
from lockwright_desk.store.tables.signin import Operator
from sqlalchemy import delete, update

MOSCOW = ZoneInfo("Europe/Moscow")
BANK_HOURS = HoursSettings(MOSCOW, frozenset(range(5)), time(9), time(18))
BOTH = Who("anna", frozenset({Role.OPERATOR, Role.APPROVER}), "Анна")


def only(**rules: object) -> SecondSettings:
    usual = {"month": None, "suspended": False, "new_holder": None, "outside_hours": False}
    return SecondSettings(**{**usual, **rules})  # type: ignore[arg-type]


def test_no_rule_asks_for_a_client_whom_nothing_sets_apart(bench: Bench) -> None:
    bench.set(second=SecondSettings(grades=frozenset({"vip"}), outside_hours=False))

    assert bench.ready().second == ()


def test_each_rule_asks_by_itself(bench: Bench) -> None:
    vip = bench.token(bench.client(grade="vip"))
    new = bench.token(held=timedelta(days=13))
    old = bench.token(held=timedelta(days=15))
    suspended = bench.token(state=TokenState.SUSPENDED)
    for rules, token, expected in (
        (only(grades=frozenset({"vip"})), vip, (Rule.GRADE,)),
        (only(grades=frozenset({"gold", "VIP"})), vip, (Rule.GRADE,)),
        (only(grades=frozenset({"gold"})), vip, ()),
        (only(suspended=True), suspended, (Rule.SUSPENDED,)),
        (only(), suspended, ()),
        (only(new_holder=timedelta(days=14)), new, (Rule.NEW_HOLDER,)),
        (only(new_holder=timedelta(days=14)), old, ()),
        (only(outside_hours=True), old, ()),
        (only(every=1), old, (Rule.LOT,)),
        (only(month=0), old, (Rule.MONTH,)),
        (only(month=1), old, ()),
    ):
        bench.set(second=rules)
        case = bench.ready(token)
        assert case.second == expected
        assert case.state is (CaseState.WAITING if expected else CaseState.READY)


def test_one_in_so_many_is_drawn_by_lot(bench: Bench) -> None:
    bench.set(second=only(every=3))

    waits = [bench.ready() for _each in range(12)]

    for case in waits:
        assert (case.second == (Rule.LOT,)) == (int(case.number) % 3 == 0)


def test_a_case_that_was_drawn_is_not_left_for_one_that_is_not(bench: Bench) -> None:
    bench.set(second=only(every=1))
    token = bench.token()
    drawn = bench.ready(token)
    bench.desk.close(ANNA, drawn.at, Act.CALL_OFF)
    bench.set(second=only(every=10**9))  # no other is drawn by its number

    assert bench.ready(token, BORIS).second == (Rule.LOT,)
    assert bench.ready().second == ()
    bench.now += timedelta(hours=25)
    assert bench.ready(token).second == ()


def test_who_was_refused_is_not_answered_alone_in_another_case(bench: Bench) -> None:
    """It was after hours; on the next morning it is not, and nothing else asks."""
    bench.set(second=only(outside_hours=True), hours=BANK_HOURS)
    bench.now = datetime(2026, 11, 18, 18, 30, tzinfo=UTC)
    token = bench.token()
    bench.desk.decide(VERA, bench.ready(token).at, agree=False, why="голос не его")
    bench.now = datetime(2026, 11, 19, 7, 0, tzinfo=UTC)

    again = bench.ready(token, BORIS)

    assert again.second == (Rule.REFUSED,)
    bench.now += timedelta(days=1)
    assert bench.ready(token).second == ()


def test_who_agreed_and_was_suspended_since_has_not_agreed(either_bench: Bench) -> None:
    bench = either_bench
    bench.set(second=only(month=0))
    console = at_the_console("tests")

    def suspended(name: str) -> None:
        operators.suspend(bench.database, console, name, bench.now)

    def demoted(name: str) -> None:
        operators.set_roles(bench.database, console, name, [Role.OPERATOR])

    def gone(name: str) -> None:
        """Nobody takes an account out; whoever has got hold of the database can."""
        with bench.database.writing() as session:
            session.execute(delete(Operator).where(Operator.name == name))

    for revoked in (suspended, demoted, gone):
        name = f"vera-{new_request().hex()}"
        operators.add(bench.database, console, name, "", [Role.APPROVER], bench.now)
        approver = Who(name, frozenset({Role.APPROVER}))
        agreed = bench.desk.decide(approver, bench.ready().at, agree=True, why="")
        good = bench.desk.decide(approver, bench.ready().at, agree=True, why="")
        bench.desk.answer(ANNA, good.at).wipe()

        revoked(name)

        with pytest.raises(SecondPersonNeeded):
            bench.desk.answer(ANNA, agreed.at)
        assert bench.desk.case(VERA, agreed.number).state is CaseState.WAITING


def test_the_third_unblock_of_a_month_asks_whichever_token_it_is_for(bench: Bench) -> None:
    bench.set(second=only(month=2))
    client = bench.client()
    for _time in range(2):
        assert bench.closed(bench.token(client)).second == ()

    assert bench.ready(bench.token(client)).second == (Rule.MONTH,)
    assert bench.ready().second == ()


def test_a_month_begins_by_the_banks_clock(bench: Bench) -> None:
    """In Moscow it is December while it is still November in UTC."""
    bench.set(second=only(month=1), hours=HoursSettings(MOSCOW))
    bench.now = datetime(2026, 11, 30, 20, 59, tzinfo=UTC)
    token = bench.token()
    assert bench.closed(token).second == ()
    assert bench.ready(token).second == (Rule.MONTH,)

    bench.now = datetime(2026, 11, 30, 21, 0, tzinfo=UTC)

    assert bench.closed(token).second == ()
    bench.now = datetime(2026, 12, 31, 20, 59, tzinfo=UTC)
    assert bench.ready(token).second == (Rule.MONTH,)


def test_a_clock_that_was_ahead_frees_nobody_when_it_is_set_back(bench: Bench) -> None:
    bench.set(second=only(month=1))
    token, right = bench.token(), bench.now
    bench.now = right + timedelta(days=40)
    bench.closed(token)

    bench.now = right

    assert bench.ready(token).second == (Rule.MONTH,)


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        ("2026-11-18T09:00:00", True),
        ("2026-11-18T08:59:59", False),
        ("2026-11-18T17:59:59", True),
        ("2026-11-18T18:00:00", False),
        ("2026-11-21T12:00:00", False),
        ("2026-11-04T12:00:00", False),
    ],
)
def test_hours_are_those_of_the_banks_clock(moment: str, *, inside: bool) -> None:
    hours = HoursSettings(
        MOSCOW, frozenset(range(5)), time(9), time(18), frozenset({date(2026, 11, 4)})
    )

    then = datetime.fromisoformat(moment).replace(tzinfo=MOSCOW).astimezone(UTC)

    assert hours.inside(then) is inside


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        ("2026-11-20T22:30:00", True),
        ("2026-11-21T05:59:00", True),
        ("2026-11-21T06:00:00", False),
        ("2026-11-21T23:00:00", False),
        ("2026-11-23T03:00:00", False),
    ],
)
def test_a_night_shift_belongs_to_the_day_on_which_it_began(moment: str, *, inside: bool) -> None:
    nights = HoursSettings(MOSCOW, frozenset(range(5)), time(22), time(6))

    assert nights.inside(datetime.fromisoformat(moment).replace(tzinfo=MOSCOW)) is inside


def test_a_case_that_was_ready_in_time_is_not_answered_after_hours_alone(bench: Bench) -> None:
    bench.account(VERA)
    bench.set(second=only(outside_hours=True), hours=BANK_HOURS)
    bench.now = datetime(2026, 11, 18, 14, 59, tzinfo=UTC)
    case = bench.ready()
    assert case.state is CaseState.READY

    bench.now += timedelta(minutes=2)
    with pytest.raises(SecondPersonNeeded):
        bench.desk.answer(ANNA, case.at)

    case = bench.desk.case(VERA, case.number)
    assert (case.state, case.second) == (CaseState.WAITING, (Rule.OUTSIDE_HOURS,))
    case = bench.desk.decide(VERA, case.at, agree=True, why="")
    bench.desk.answer(ANNA, case.at).wipe()


def test_who_agreed_has_not_agreed_to_what_came_after(bench: Bench) -> None:
    """A token is suspended between the agreement and the answer."""
    bench.account(VERA)
    bench.set(second=only(month=0, suspended=True))
    token = bench.token()
    case = bench.desk.decide(VERA, bench.ready(token).at, agree=True, why="")
    with bench.database.writing() as session:
        session.execute(update(Token).where(Token.id == token).values(state=TokenState.SUSPENDED))

    with pytest.raises(SecondPersonNeeded):
        bench.desk.answer(ANNA, case.at)

    case = bench.desk.case(VERA, case.number)
    assert (case.state, case.decided_by) == (CaseState.WAITING, None)
    assert bench.keys.asked == []


@pytest.mark.parametrize(
    "who",
    [BOTH, Who("anna", frozenset({Role.APPROVER})), Who("ANNA ", frozenset({Role.APPROVER}))],
    ids=["both-roles", "only-approver", "another-case"],
)
@pytest.mark.parametrize("agree", [True, False])
def test_nobody_decides_their_own_case(bench: Bench, *, who: Who, agree: bool) -> None:
    bench.set(second=only(month=0))
    case = bench.ready()

    with pytest.raises(OwnCase):
        bench.desk.decide(who, case.at, agree=agree, why="it is fine")

    assert bench.desk.case(VERA, case.number).state is CaseState.WAITING
    assert not bench.desk.case(who, case.number).may & {"agree", "refuse"}


def test_the_client_does_not_agree_to_an_answer_for_themselves(bench: Bench) -> None:
    bench.set(second=only(month=0))
    case = bench.ready(bench.token(bench.client(login="petrov")))

    with pytest.raises(OwnCase):
        bench.desk.decide(Who("Petrov", frozenset({Role.APPROVER})), case.at, agree=True, why="")


def test_a_refusal_needs_a_reason_and_stands(bench: Bench) -> None:
    bench.set(second=only(month=0))
    case = bench.ready(who=BORIS)

    with pytest.raises(GroundsUnfit):
        bench.desk.decide(VERA, case.at, agree=False, why=" ")
    case = bench.desk.decide(VERA, case.at, agree=False, why="не та сумма")

    assert (case.decided_by, case.decided_why) == ("vera", "не та сумма")
    assert case.state is CaseState.DENIED
    assert bench.keys.asked == []


def test_rules_can_be_switched_off(bench: Bench) -> None:
    bench.set(second=NO_SECOND, hours=HoursSettings(MOSCOW, frozenset()))
    token = bench.token(
        bench.client(grade="vip"), state=TokenState.SUSPENDED, held=timedelta(days=0)
    )

    assert bench.ready(token).second == ()
