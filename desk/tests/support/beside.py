"""A benchmark of this build and of an earlier one, in turn on the same machine."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]
_SOURCES = ("core/src", "desk/src", "tests/kit/src")
_FIGURES = re.compile(
    r"^(\w+): +([\d.]+) enrolments/s.*?^ +([\d.]+) ms of a processor", re.MULTILINE | re.DOTALL
)
_ROUGH, _EXACT = "{used * 1000:.0f} ms of", "{used * 1000:.2f} ms of"

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
    with checked_out(base) as earlier:
        for _each in range(rounds):
            for tree, runs in ((earlier, before), (ROOT, now)):
                options = ["--workers", str(workers)] if tree == ROOT else []
                said = _run(tree, script, ["--clients", str(clients), *options])
                yield said
                runs.append(_figures(said))
    yield f"{clients} clients at once, {workers} workers, median of {rounds} rounds; before: {base}"
    for database in now[0]:
        earlier_one, this_one = (_medians(runs, database) for runs in (before, now))
        yield (
            f"{database:11} {earlier_one[1]:6.2f} -> {this_one[1]:5.2f} ms of a processor for each"
            f" enrolment, {earlier_one[1] / this_one[1]:.1f} times;"
            f" {earlier_one[0]:.0f} -> {this_one[0]:.0f} enrolments/s"
        )


@contextmanager
def checked_out(base: str) -> Iterator[Path]:
    """A revision in a folder of its own, which goes again."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "base")
        _git("worktree", "add", "--quiet", "--detach", str(place), base)
        try:
            yield place
        finally:
            _git("worktree", "remove", "--force", str(place))


def _run(tree: Path, script: Path, arguments: list[str]) -> str:
    """Run the benchmark over a tree's own sources; what it says."""
    theirs = tree / script.relative_to(ROOT)
    if _ROUGH in (text := theirs.read_text()):
        theirs.write_text(text.replace(_ROUGH, _EXACT))
    folders = os.pathsep.join(str(tree / each) for each in _SOURCES)
    done = subprocess.run(  # a script of this project
        [sys.executable, str(theirs), *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "BASE"}
        | {"PYTHONPATH": folders},
    )
    return done.stdout + done.stderr


def _figures(said: str) -> Figures:
    return {name: (float(rate), float(cost)) for name, rate, cost in _FIGURES.findall(said)}


def _medians(runs: list[Figures], database: str) -> tuple[float, float]:
    rates, costs = zip(*(run[database] for run in runs if database in run), strict=True)
    return statistics.median(rates), statistics.median(costs)


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, cwd=ROOT)  # the usual git
