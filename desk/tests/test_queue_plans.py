"""A queue of the open is as fast beside a million closed cases as beside ten: an index has them."""

from __future__ import annotations

import pytest
from help_desk import AUDITOR, Bench
from lockwright_desk.helpdesk import states
from lockwright_desk.helpdesk.views import Filters
from lockwright_desk.store.tables.cases import CaseState
from plans import asked

QUEUES = {
    "open": Filters(states=states.OPEN),
    "mine": Filters(states=states.OPEN, opened_by="anna"),
    "closed": Filters(states=states.CLOSED),
    "waiting": Filters(
        states=frozenset({CaseState.WAITING}), not_opened_by="vera", oldest_first=True
    ),
}


@pytest.mark.parametrize("queue", QUEUES.values(), ids=QUEUES)
def test_a_queue_walks_through_no_other_cases(bench: Bench, queue: Filters) -> None:
    (statement,) = (
        each
        for each in asked(bench.database, lambda: bench.desk.queue(AUDITOR, queue, after=100))
        if "FROM cases" in each[0]
    )

    with bench.database.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement[0]}", statement[1])
        told = [row[-1] for row in rows]

    used = [each for each in told if "INDEX ix_cases_state" in each]
    assert len(used) == len(queue.states or ())
    assert not [each for each in told if each.startswith("SCAN cases")]
