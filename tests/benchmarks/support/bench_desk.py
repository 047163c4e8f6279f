"""Enrolments at the desk for each second of a processor, with both databases (``make load``)."""

from __future__ import annotations

import statistics
import sys

from bench_bench import Bench, Found, tell
from bench_build import ROOT
from bench_figures import Figure, Target

sys.path.append(str(ROOT / "desk" / "tests" / "support"))

import beside  # its folder is added above

WORK = "desk, enrolments for each second of a processor"
_LOAD = ROOT / "desk" / "benchmarks" / "load.py"
_CLIENTS, _FEW = 200, 40
_ROUNDS, _TIMES = 2, 6


def measure(bench: Bench) -> Found:
    """Many clients at once, at the desks of both builds in turn."""
    clients = str(_FEW if bench.short else _CLIENTS)
    rates: dict[str, list[float]] = {}
    for _each in range(bench.rounds(_ROUNDS)):
        for build in bench.builds:
            tell(f"{clients} clients, {build.name}")
            said = beside.run(build.root, _LOAD, ["--clients", clients])
            found = beside.figures(said)
            if not found:
                raise RuntimeError(said)
            for database, (_rate, cost) in found.items():
                rates.setdefault(f"{build.name}/{database}", []).append(1000 / cost)
    for who, values in rates.items():
        yield Figure(WORK, who, "enrolments", values)
    for who in rates:
        if who.startswith("now"):
            yield _target(who, rates.get(who.replace("now", "before")))


def _target(who: str, before: list[float] | None) -> Target:
    if before is None:
        return Target(WORK, who, f"{_TIMES} times as many as before", None, least=True)
    rate = statistics.median(before)
    words = f"at least {_TIMES} times the {rate:.1f} before"
    return Target(WORK, who, words, _TIMES * rate, least=True)
