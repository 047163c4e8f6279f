"""A Request is answered once, whichever replica is asked, and whatever breaks off meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from threading import Barrier

import pytest
from cut_line import Cut, Line, line
from help_desk import ANNA, BORIS, Bench, new_request, response_of
from lockwright.errors import AuditUnwritable, LockwrightError, RequestAnswered
from lockwright_desk.errors import DatabaseAway, KeeperAway
from lockwright_desk.helpdesk.given import Given
from lockwright_desk.helpdesk.refusals import AnswerOver, NotYourCase, UnknownToken
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import Alert, Answered, CaseState
from lockwright_desk.store.tables.register import Token, TokenState
from sqlalchemy import update


@pytest.fixture
def other(either_bench: Bench) -> Iterator[Database]:
    """The same database, as another replica has it."""
    url = either_bench.database.engine.url.render_as_string(hide_password=False)
    with closing(Database(url)) as made:
        yield made


def at_once(*acts: Callable[[], Given]) -> list[bytes | LockwrightError]:
    """What comes of acts that begin at the same moment: Responses, or why there is none."""
    together = Barrier(len(acts))

    def do(act: Callable[[], Given]) -> bytes | LockwrightError:
        together.wait()
        try:
            with act() as given:
                return given.response.reveal()
        except LockwrightError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(do, acts))


def test_one_request_given_to_two_replicas_at_once_is_answered_to_one_case(
    either_bench: Bench, other: Database
) -> None:
    request, bench = new_request(), either_bench
    one, two = bench.ready(request=request), bench.ready(who=BORIS, request=request)
    replica = bench.replica(other)

    ended = at_once(lambda: bench.desk.answer(ANNA, one.at), lambda: replica.answer(BORIS, two.at))

    [response] = [each for each in ended if isinstance(each, bytes)]
    [refused] = [each for each in ended if not isinstance(each, bytes)]
    winner, loser = (one, two) if isinstance(ended[0], bytes) else (two, one)
    assert isinstance(refused, RequestAnswered)
    assert response == response_of(winner.token.serial, request).reveal()
    assert bench.keys.asked == [request]
    assert bench.desk.case(ANNA, loser.number).state is CaseState.READY
    mark = sha256(request).hexdigest()
    assert bench.count(Alert, Alert.about.contains(mark), Alert.kind == "request-again") == 1


def test_one_case_asked_of_two_replicas_at_once_has_one_answer(
    either_bench: Bench, other: Database
) -> None:
    bench = either_bench
    case, replica = bench.ready(), bench.replica(other)

    ended = at_once(lambda: bench.desk.answer(ANNA, case.at), lambda: replica.answer(ANNA, case.at))

    assert case.request is not None
    assert ended == [response_of(case.token.serial, case.request).reveal()] * 2
    assert bench.count(Answered, Answered.client_id == case.client.id) == 1


def test_a_response_that_got_lost_is_shown_again_to_its_operator_for_some_minutes(
    bench: Bench,
) -> None:
    case, now = bench.ready(), bench.now
    with bench.desk.answer(ANNA, case.at) as first:
        response = first.response.reveal()

    bench.now = now + bench.settings.again
    with bench.desk.answer(ANNA, case.at) as again:
        assert (again.response.reveal(), again.again) == (response, True)
    with pytest.raises(NotYourCase):
        bench.desk.answer(BORIS, case.at)
    for away in (timedelta(seconds=1), -2 * bench.settings.again - timedelta(seconds=1)):
        bench.now = now + bench.settings.again + away
        with pytest.raises(AnswerOver):
            bench.desk.answer(ANNA, case.at)

    assert len(bench.keys.asked) == 2


def test_a_keeper_that_was_away_is_asked_again_by_the_case_that_has_the_request(
    bench: Bench,
) -> None:
    request = new_request()
    case, later = bench.ready(request=request), bench.ready(who=BORIS, request=request)

    def away() -> None:
        raise KeeperAway(reason="test")

    bench.keys.before = away
    with pytest.raises(KeeperAway):
        bench.desk.answer(ANNA, case.at)
    bench.keys.before = lambda: None
    with pytest.raises(RequestAnswered):
        bench.desk.answer(BORIS, later.at)

    with bench.desk.answer(ANNA, case.at) as given:
        assert given.response == response_of(case.token.serial, request)


def test_a_response_that_cannot_be_recorded_does_not_leave(bench: Bench) -> None:
    case, trail = bench.ready(), bench.folder / "audit.jsonl"

    def full() -> None:
        trail.rename(trail.with_suffix(".away"))
        trail.mkdir()

    bench.keys.before = full
    with pytest.raises(AuditUnwritable):
        bench.desk.answer(ANNA, case.at)

    assert [each.wiped for each in bench.keys.given] == [True]


@pytest.mark.parametrize(
    "change",
    [{"state": TokenState.LOST}, {"state": TokenState.RETIRED}, {"client_id": None}],
    ids=["lost", "retired", "taken-back"],
)
def test_a_token_that_is_lost_while_the_call_goes_on_is_not_unblocked(
    either_bench: Bench, change: dict[str, object]
) -> None:
    bench, token = either_bench, either_bench.token()
    case = bench.ready(token)
    with bench.database.writing() as session:
        session.execute(update(Token).where(Token.id == token).values(**change))

    with pytest.raises(UnknownToken):
        bench.desk.answer(ANNA, case.at)

    assert bench.keys.asked == []


def test_a_response_is_not_shown_again_for_a_token_that_was_lost_since(bench: Bench) -> None:
    token = bench.token()
    case = bench.answered(token)
    with bench.database.writing() as session:
        session.execute(update(Token).where(Token.id == token).values(state=TokenState.LOST))

    with pytest.raises(UnknownToken):
        bench.desk.answer(ANNA, case.at)

    assert len(bench.keys.asked) == 1


def test_a_token_that_came_into_other_hands_is_not_unblocked_for_who_called(bench: Bench) -> None:
    token, heir = bench.token(), bench.client()
    case = bench.ready(token)
    with bench.database.writing() as session:
        session.execute(update(Token).where(Token.id == token).values(client_id=heir))

    with pytest.raises(UnknownToken, match="somebody else"):
        bench.desk.answer(ANNA, case.at)


@pytest.fixture
def cut(
    large_store: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Line, Bench]]:
    """A help desk at the near end of a line that breaks."""
    url = large_store.engine.url.render_as_string(hide_password=False)
    with line(url) as (broken, near), closing(Database(near)) as database:
        yield broken, Bench(database, tmp_path_factory.mktemp("cut"))


def test_an_answer_whose_commit_ended_in_an_error_is_looked_for_and_given(
    cut: tuple[Line, Bench],
) -> None:
    """It was stored, though the database's word for it got lost."""
    broken, bench = cut
    case = bench.ready()
    assert case.request is not None

    broken.next = Cut.AFTER
    with bench.desk.answer(ANNA, case.at) as given:
        assert given.response == response_of(case.token.serial, case.request)

    assert broken.next is Cut.NEVER, "no commit went over the line"
    assert bench.count(Answered, Answered.client_id == case.client.id) == 1
    assert len(bench.keys.asked) == 1


def test_an_answer_that_was_not_stored_is_not_given_until_it_is(cut: tuple[Line, Bench]) -> None:
    broken, bench = cut
    case = bench.ready()

    broken.next = Cut.BEFORE
    with pytest.raises(DatabaseAway):
        bench.desk.answer(ANNA, case.at)
    assert bench.keys.asked == []
    assert bench.count(Answered, Answered.client_id == case.client.id) == 0

    bench.desk.answer(ANNA, case.at).wipe()
    assert bench.count(Answered, Answered.client_id == case.client.id) == 1
