"""Measures what the program's start costs: ``lockwright --version`` beside ``import click``."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

LIMIT = 2.0
RUNS = 25
PROGRAM = Path(sys.executable).with_name("lockwright")
OURS = (str(PROGRAM), "--version")
CLICK = (sys.executable, "-c", "import click")


def measure(runs: int) -> tuple[list[float], list[float]]:
    """Seconds of each run of both commands, in turn, so that both meet the same noise."""
    ours, click = [], []
    for _number in range(runs):
        ours.append(seconds(OURS))
        click.append(seconds(CLICK))
    return ours, click


def seconds(command: Sequence[str]) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # our own two
    return time.perf_counter() - start


def main() -> int:
    """Measure, tell, and fail above the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each command")
    ours, click = measure(parser.parse_args().runs)
    for name, of in (("median", statistics.median), ("minimum", min)):
        one, other = of(ours) * 1000, of(click) * 1000
        print(f"{name:8} lockwright {one:6.1f} ms, click {other:6.1f} ms, {one / other:.2f} times")
    return 0 if min(ours) <= LIMIT * min(click) else 1


if __name__ == "__main__":
    sys.exit(main())
