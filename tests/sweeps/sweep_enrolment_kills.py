"""An enrolment killed at each step of its journal, each call of the module, and at its order.

One that goes to a file or to the system's store is killed at each change of a file and at each run
of a tool instead of the module's calls.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lockwright_testkit.bank import SOFTHSM
from lockwright_testkit.kills.cases import Case, Way, Wire
from lockwright_testkit.kills.drivers import Crew
from lockwright_testkit.kills.soft_bench import FILE, SYSTEM, SoftBench
from lockwright_testkit.kills.token_bench import Bench
from lockwright_testkit.sim.applet import Setting

PERSONALITIES: dict[str, dict[str, Setting]] = {
    "plain": dict(SOFTHSM),
    "etoken": {},
    "etoken-idprime": {},
    "jacarta-pki": {},
    "jacarta-pro": {},
    "jacarta-gost2": {},
}
WHOLE = ("plain", "etoken")
"""Those on which everything is killed over CMP as well: one for each binding."""
SAMPLE = 7
"""On the others every so many of the module's calls: what differs there is the CA's part alone."""
EVERY = int(os.environ.get("KILLS_EVERY", "1"))
"""Kill at every so many of the module's calls, where there is no time for all."""
WORKERS = int(os.environ.get("KILLS_WORKERS", "0")) or os.cpu_count() or 1
"""How many cases run side by side."""


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    with Crew(WORKERS) as made:
        yield made


@pytest.fixture(scope="module")
def tally() -> Iterator[list[int]]:
    """How many were killed; the sum is printed when all are done."""
    kills: list[int] = []
    yield kills
    print(f"\nin all killed {sum(kills)} times, ended {2 * sum(kills)} times")  # noqa: T201  # the figure is what the sweep is run for


@pytest.mark.timeout(0)
@pytest.mark.parametrize(
    ("wire", "way"), [(wire, way) for wire in Wire for way in wire.ways], ids=str
)
@pytest.mark.parametrize("personality", PERSONALITIES)
def test_kills_everywhere(
    tmp_path: Path, crew: Crew, tally: list[int], personality: str, wire: Wire, way: Way
) -> None:
    settings = PERSONALITIES[personality]
    with Bench(tmp_path, personality, crew, wire=wire, settings=settings) as bench:
        found = bench.cases(way)
        calls = [case for case in found if case.fault]
        whole = wire is Wire.EST or (personality in WHOLE and not wire.waits)
        every = EVERY if whole else max(EVERY, SAMPLE)
        cases = [*[case for case in found if not case.fault], *calls[::every]]
        begun = time.monotonic()
        wrong = bench.run(cases)
    tally.append(len(cases))
    took = time.monotonic() - begun
    print(  # noqa: T201  # the figure is what the sweep is run for
        f"\n{personality}, {wire}, {way}: killed {len(cases)} of {len(found)} times"
        f" ({told(cases)}), ended {2 * len(cases)} times, wrong {len(wrong)};"
        f" {len(cases) / took:.1f} cases a second"
    )
    assert wrong == []


@pytest.mark.timeout(0)
@pytest.mark.parametrize("kind", [FILE, SYSTEM])
def test_kills_outside_a_token(tmp_path: Path, crew: Crew, tally: list[int], kind: str) -> None:
    with SoftBench(tmp_path, kind, crew) as bench:
        cases = list(bench.cases())
        wrong = bench.run(cases)
    tally.append(len(cases))
    done = ", ".join(f"{number} of {where}" for where, number in bench.counts.items())
    print(  # noqa: T201  # as above
        f"\n{kind}: killed {len(cases)} times ({done}), ended {2 * len(cases)} times,"
        f" wrong {len(wrong)}"
    )
    assert wrong == []


def told(cases: list[Case]) -> str:
    journal = sum(case.record is not None for case in cases)
    sent = sum(case.sent is not None for case in cases)
    calls = len(cases) - journal - sent
    return (
        f"{journal} at the journal, {sent} at what the CA is sent, {calls} at calls of the module"
    )
