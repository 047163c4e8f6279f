"""A benchmark of this build and of an earlier one, in turn on the same machine."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.append(str(ROOT / "tools"))

import earlier  # noqa: E402  # its folder is added above

_FIGURES = re.compile(
    r"^(\w+): +([\d.]+) enrolments/s.*?^ +([\d.]+) ms of a processor", re.MULTILINE | re.DOTALL
)
_ROUGH, _EXACT = "{used * 1000:.0f} ms of", "{used * 1000:.2f} ms of"

_OUTSIDE = ("BASE", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")

Figures = dict[str, tuple[float, float]]
"""Enrolments a second and milliseconds of a processor, by database."""


def beside(base: str, script: Path, rounds: int, clients: int, workers: int) -> Iterator[str]:
    """Run the benchmark of both builds in turn.

    Args:
        base: revision of the earlier build.
        script: the benchmark, which both have.
        rounds: how often each is run.
        clients: how many clients at once.
        workers: how many processes serve, of this build.

    Yields:
        What each run says, then the medians and ratios, in lines.
    """
    before: list[Figures] = []
    now: list[Figures] = []
    place = earlier.built(base)
    for _each in range(rounds):
        for tree, runs in ((place, before), (ROOT, now)):
            options = ["--workers", str(workers)] if tree == ROOT else []
            said = run(tree, script, ["--clients", str(clients), *options])
            yield said
            runs.append(figures(said))
    yield f"{clients} clients at once, {workers} workers, median of {rounds} rounds; before: {base}"
    for database in now[0]:
        earlier_one, this_one = (_medians(runs, database) for runs in (before, now))
        yield (
            f"{database:11} {earlier_one[1]:6.2f} -> {this_one[1]:5.2f} ms of a processor for each"
            f" enrolment, {earlier_one[1] / this_one[1]:.1f} times;"
            f" {earlier_one[0]:.0f} -> {this_one[0]:.0f} enrolments/s"
        )


def run(tree: Path, script: Path, arguments: list[str]) -> str:
    """Run the benchmark of a build.

    Args:
        tree: the build's sources, with its ``.venv``.
        script: the benchmark, as this build has it.
        arguments: its arguments.

    Returns:
        What it says.
    """
    theirs = tree / script.relative_to(ROOT)
    if _ROUGH in (text := theirs.read_text()):
        theirs.write_text(text.replace(_ROUGH, _EXACT))
    done = subprocess.run(  # a script of this project
        [tree / ".venv" / "bin" / "python", theirs, *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={name: each for name, each in os.environ.items() if name not in _OUTSIDE},
    )
    return done.stdout + done.stderr


def figures(said: str) -> Figures:
    """The figures in what a run says; none if it failed."""
    return {name: (float(rate), float(cost)) for name, rate, cost in _FIGURES.findall(said)}


def _medians(runs: list[Figures], database: str) -> tuple[float, float]:
    rates, costs = zip(*(run[database] for run in runs if database in run), strict=True)
    return statistics.median(rates), statistics.median(costs)
