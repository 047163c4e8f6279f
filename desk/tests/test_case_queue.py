"""Queues of cases: read page by page, narrowed, and nothing found by numbers that nothing has."""

from __future__ import annotations

from help_desk import ANNA, AUDITOR, BORIS, VERA, Bench
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.views import Filters
from lockwright_desk.store.tables.cases import CaseState, Way


def test_a_queue_is_read_page_by_page_to_its_end(either_bench: Bench) -> None:
    client = either_bench.client()
    numbers = [
        either_bench.desk.open(ANNA, either_bench.token(client), Way.DICTATED).number
        for _each in range(7)
    ]
    for oldest_first in (True, False):
        filters = Filters(client_id=client, oldest_first=oldest_first)
        found: list[str] = []
        after = None
        while True:
            page = either_bench.desk.queue(VERA, filters, after=after, most=3)
            found += [each.number for each in page.cases]
            if page.after is None:
                break
            after = page.after

        assert found == (numbers if oldest_first else numbers[::-1])


def test_a_queue_shows_what_was_asked_for(either_bench: Bench) -> None:
    client = either_bench.client()
    mine = either_bench.desk.open(ANNA, either_bench.token(client), Way.DICTATED)
    his = either_bench.desk.open(BORIS, either_bench.token(client), Way.LINE)
    off = either_bench.desk.close(
        BORIS, either_bench.verified(either_bench.token(client), BORIS).at, Act.CALL_OFF
    )

    def shown(**filters: object) -> set[str]:
        page = either_bench.desk.queue(AUDITOR, Filters(client_id=client, **filters))  # type: ignore[arg-type]
        return {each.number for each in page.cases}

    assert shown() == {mine.number, his.number, off.number}
    assert shown(states=frozenset({CaseState.OPEN})) == {mine.number, his.number}
    assert shown(states=frozenset()) == set()
    assert shown(way=Way.LINE) == {his.number}
    assert shown(opened_by="anna") == {mine.number}
    assert shown(not_opened_by="boris") == {mine.number}
    assert shown(opened_by="a\0") == set()
    assert shown(until=either_bench.now) == set()


def test_numbers_that_nothing_has_find_nothing(either_bench: Bench) -> None:
    for number in (-(2**70), -1, 2**31, 2**63, 2**80):
        for filters in (Filters(token_id=number), Filters(client_id=number)):
            assert either_bench.desk.queue(AUDITOR, filters).cases == ()
        assert either_bench.desk.queue(AUDITOR, Filters(), after=-abs(number)).cases == ()
        either_bench.desk.alerts(AUDITOR, after=number)
