"""A CA's part is not known, and what it says when it is asked again costs neither key nor order.

This is a sample; ``make sweep ARGS="-k second"`` takes every point with every answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lockwright_testkit.bank import SOFTHSM, Bank
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.pki import TestCa
from lockwright_testkit.second_answers import WIRES
from lockwright_testkit.second_bench import SecondBench
from lockwright_testkit.sim.fixtures import SimulatorFactory

EVERY = 41
"""One of so many cases is taken; prime, so that points, answers and ends all change."""


@pytest.fixture
def bank(tmp_path: Path, sim: SimulatorFactory) -> Iterator[Bank]:
    with EstServer(TestCa.root(), {}) as server:
        made = Bank(tmp_path, sim("plain", settings=SOFTHSM), server)
        yield made
        made.close()


@pytest.mark.parametrize("wire", WIRES)
def test_a_second_answer_costs_nothing_that_may_have_been_issued(bank: Bank, wire: str) -> None:
    bench = SecondBench(bank, wire)
    sample = bench.cases()[::EVERY]
    assert len(sample) > 10
    assert bench.run(sample) == []
