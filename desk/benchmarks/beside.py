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

ROOT = Path(__file__).parents[2]
_SOURCES = ("core/src", "desk/src", "tests/kit/src")
_FIGURES = re.compile(
    r"^(\w+): +([\d.]+) enrolments/s.*?^ +([\d.]+) ms of a processor", re.MULTILINE | re.DOTALL
)
_ROUGH, _EXACT = "{used * 1000:.0f} ms of", "{used * 1000:.2f} ms of"

Figures = dict[str, tuple[float, float]]
"""Enrolments a second and milliseconds of a processor, by database."""


def beside(base: str, script: Path, rounds: int, clients: int, workers: int) -> int:
    """Run the benchmark of both builds in turn, and print their medians and ratios.

    Args:
        base: revision of the earlier build.
        script: the benchmark, which both have.
        rounds: how often each is run.
        clients: how many clients at once.
        workers: how many processes serve, of this build.

    Returns:
        The exit code.
    """
    before, now = [], []
    with checked_out(base) as earlier:
        for _each in range(rounds):
            before.append(_run(earlier, script, ["--clients", str(clients)]))
            given = ["--clients", str(clients), "--workers", str(workers)]
            now.append(_run(ROOT, script, given))
    print(
        f"{clients} clients at once, {workers} workers, median of {rounds} rounds; before: {base}"
    )
    for database in now[0]:
        rate, cost = (_medians(runs, database) for runs in (before, now))
        print(
            f"{database:11} {rate[1]:6.2f} -> {cost[1]:5.2f} ms of a processor for each enrolment,"
            f" {rate[1] / cost[1]:.1f} times; {rate[0]:.0f} -> {cost[0]:.0f} enrolments/s"
        )
    return 0


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


def _run(tree: Path, script: Path, arguments: list[str]) -> Figures:
    """Run the benchmark over a tree's own sources."""
    theirs = tree / script.relative_to(ROOT)
    if _ROUGH in (text := theirs.read_text()):
        theirs.write_text(text.replace(_ROUGH, _EXACT))
    folders = os.pathsep.join(str(tree / each) for each in _SOURCES)
    done = subprocess.run(  # noqa: S603  # a script of this project
        [sys.executable, str(theirs), *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "BASE"}
        | {"PYTHONPATH": folders},
    )
    print(done.stdout, done.stderr, sep="", flush=True)
    return {name: (float(rate), float(cost)) for name, rate, cost in _FIGURES.findall(done.stdout)}


def _medians(runs: list[Figures], database: str) -> tuple[float, float]:
    rates, costs = zip(*(run[database] for run in runs if database in run), strict=True)
    return statistics.median(rates), statistics.median(costs)


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, cwd=ROOT)  # noqa: S603, S607  # the usual git
