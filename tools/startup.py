"""Measures what the program's start costs: processor and clock, beside Python, click and a build.

``BASE=rev`` builds an earlier revision and runs it in turn with this one. Every command is run as
often as the others, one after the other, so that all meet the same noise.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import earlier
from lockwright_testkit.softhsm import SoftHSM

LIMIT = 2.0
"""What ``--version`` may take, at most, of the time of importing click."""
RUNS = 25
PYTHON = Path(sys.executable)
PROGRAM = PYTHON.with_name("lockwright")
MODULES = 4


@dataclass
class Row:
    """One command, and what its runs took."""

    name: str
    """What it is called here."""
    command: list[str]
    """The command."""
    processor: list[float] = field(default_factory=list)
    """Seconds of the processor, of all its processes together, each run."""
    clock: list[float] = field(default_factory=list)
    """Seconds on the clock, each run."""

    def run(self, environment: dict[str, str]) -> None:
        """Run it once more."""
        nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
        start = time.perf_counter()
        pid = os.posix_spawn(self.command[0], self.command, environment, file_actions=nowhere)
        _pid, status, used = os.wait4(pid, 0)
        self.clock.append(time.perf_counter() - start)
        self.processor.append(used.ru_utime + used.ru_stime)
        if status:
            raise SystemExit(f"{' '.join(self.command)}: exit status {status}")


@contextmanager
def bench() -> Iterator[tuple[dict[str, str], list[Path]]]:
    """An environment with one token of SoftHSM, and four modules of it under names of their own."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        softhsm = SoftHSM(home)
        kept = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
        of_the_home = {"HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_STATE_HOME": folder}
        os.environ |= softhsm.environment
        softhsm.add_token("startup")
        modules = [home / f"module{number}.so" for number in range(MODULES)]
        for module in modules:
            module.write_bytes(softhsm.module.read_bytes())
        yield {**kept, **of_the_home, **softhsm.environment}, modules


def rows(program: Path, name: str, modules: Sequence[Path]) -> list[Row]:
    """What is run of one build."""
    several = [word for module in modules for word in ("--module", str(module))]
    return [
        Row(f"{name} {' '.join(words[:1])}{more}", [str(program), *words])
        for words, more in (
            (["--version"], ""),
            (["--help"], ""),
            (["tokens"], ""),
            (["tokens", *several[:2]], ", one module named"),
            (["tokens", *several], f", {len(modules)} modules named"),
        )
    ]


def show(row: Row, beside: Row | None) -> None:
    """A line of the table; what stands beside is an earlier build's row."""
    told = [
        f"{of(each) * 1000:7.1f}"
        for each in (row.processor, row.clock)
        for of in (statistics.median, min)
    ]
    ratio = ""
    if beside is not None:
        pairs = [mine / other for mine, other in zip(row.processor, beside.processor, strict=True)]
        clock = statistics.median(row.clock) / statistics.median(beside.clock)
        ratio = f"{statistics.median(pairs):6.2f} {clock:6.2f}"
    print(f"{row.name:48} {' '.join(told)} {ratio}")


def main() -> int:
    """Measure, tell, and fail above the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each command")
    parser.add_argument("--base", default="", help="an earlier revision to measure beside")
    given = parser.parse_args()
    python = Row("python -c pass", [str(PYTHON), "-c", "pass"])
    click = Row("python -c 'import click'", [str(PYTHON), "-c", "import click"])
    with bench() as (environment, modules):
        ours, old = rows(PROGRAM, "lockwright", modules), list[Row]()
        if given.base:
            program = earlier.built(given.base) / ".venv" / "bin" / "lockwright"
            old = rows(program, given.base, modules)
        every = [python, click, *(row for pair in zip(ours, old, strict=False) for row in pair)]
        every += ours if not old else []
        for row in every:
            row.run(environment)  # Python writes down what it compiled
            row.processor.clear()
            row.clock.clear()
        for _number in range(given.runs):
            for row in every:
                row.run(environment)
    print(f"{'milliseconds':48} {'processor':>15} {'clock':>15}", "times, of pairs" if old else "")
    print(f"{'':48} {'median':>7} {'least':>7} {'median':>7} {'least':>7}")
    for row in (python, click):
        show(row, None)
    for number, row in enumerate(ours):
        show(row, old[number] if old else None)
        if old:
            show(old[number], None)
    return 0 if min(ours[0].clock) <= LIMIT * min(click.clock) else 1


if __name__ == "__main__":
    sys.exit(main())
