"""Whoever waits for a change of a case is told, by either database, and after the line broke."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

import pytest
from help_desk import ANNA, Bench
from lockwright_desk.helpdesk.live import Changes, state
from lockwright_desk.store.tables.cases import Way
from postgres_cluster import Cluster

_LONGEST = 60.0
_END_LISTENERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"


@pytest.fixture
def large_store_bench(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Bench:
    """A help desk over PostgreSQL."""
    return Bench(request.getfixturevalue("large_store"), tmp_path_factory.mktemp("large"))


def run(work: Coroutine[object, object, None]) -> None:
    """Run it in a loop of its own, within a time that no machine is too busy for."""
    asyncio.run(asyncio.wait_for(work, _LONGEST))


def test_a_change_is_told_to_all_who_wait(either_bench: Bench) -> None:
    bench, token = either_bench, either_bench.token()

    async def work() -> None:
        async with Changes(bench.database, seconds=_LONGEST * 2) as changes:
            first = await changes.after(0)
            waiting = [asyncio.create_task(changes.after(first)) for _each in range(3)]
            await asyncio.to_thread(bench.desk.open, ANNA, token, Way.DICTATED)
            assert min(await asyncio.gather(*waiting)) > first

    run(work())


def test_a_line_that_broke_is_made_again_and_tells_so(
    large_store_bench: Bench, postgres: Cluster
) -> None:
    bench, token = large_store_bench, large_store_bench.token()

    async def work() -> None:
        async with Changes(bench.database, seconds=_LONGEST * 2) as changes:
            first = await changes.after(0)
            await asyncio.to_thread(postgres.say, _END_LISTENERS)
            again = await changes.after(first)
            await asyncio.to_thread(bench.desk.open, ANNA, token, Way.DICTATED)
            assert await changes.after(again) > again

    run(work())


def test_there_may_be_news_after_a_long_silence(large_store_bench: Bench) -> None:
    async def work() -> None:
        async with Changes(large_store_bench.database, seconds=0.05) as changes:
            first = await changes.after(0)
            await changes.after(first)

    run(work())


def test_the_state_is_another_after_each_change(either_bench: Bench) -> None:
    before = state(either_bench.database)
    case = either_bench.desk.open(ANNA, either_bench.token(), Way.DICTATED)
    opened = state(either_bench.database)
    either_bench.desk.verify(ANNA, case.at, "document")

    assert len({before, opened, state(either_bench.database)}) == 3
