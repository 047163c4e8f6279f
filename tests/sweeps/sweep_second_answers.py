"""Every point at which a CA's part is not known, with every second answer, to either end."""

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


@pytest.fixture
def bank(tmp_path: Path, sim: SimulatorFactory) -> Iterator[Bank]:
    with EstServer(TestCa.root(), {}) as server:
        made = Bank(tmp_path, sim("plain", settings=SOFTHSM), server)
        yield made
        made.close()


@pytest.mark.timeout(0)
@pytest.mark.parametrize("wire", WIRES)
def test_second_answers_everywhere(bank: Bank, wire: str) -> None:
    bench = SecondBench(bank, wire)
    cases = bench.cases()
    wrong = bench.run(cases)
    points, answers = len({each.point for each in cases}), len({each.answer for each in cases})
    print(  # noqa: T201  # the figure is what the sweep is run for
        f"\n{wire}: {points} points x {answers} answers x 2 ends: {len(cases)} cases,"
        f" wrong {len(wrong)}"
    )
    assert wrong == []
