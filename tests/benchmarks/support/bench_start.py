"""What ``tokens`` takes of a processor, with every process that it starts, on one quick SoftHSM."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from bench_bench import Bench, Found, tell
from bench_build import Seat, run
from bench_figures import Figure, Target
from bench_peers import RAW, listing
from lockwright.bindings import BINDINGS
from lockwright_testkit.softhsm import SoftHSM

WORK = "tokens on one SoftHSM, processor time"
_ROUNDS = 6
_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER of prctl(2)."""
_PATIENCE = 5


def measure(bench: Bench) -> Found:
    """Every program in turn, the builds among them."""
    tell("tokens on one SoftHSM")
    softhsm = SoftHSM(bench.new_folder("softhsm"))
    os.environ |= softhsm.environment
    softhsm.add_token()
    _adopt_orphans()
    commands = _commands(bench, softhsm.module)
    for work in commands.values():
        work()  # its modules are compiled once
    took: dict[str, list[float]] = {name: [] for name in commands}
    for _each in range(bench.rounds(_ROUNDS)):
        for name, work in commands.items():
            took[name].append(_processor_seconds(work) * 1000)
    figures = {name: Figure(WORK, name, "ms", values) for name, values in took.items()}
    yield from figures.values()
    for binding in BINDINGS:
        before = figures.get(f"before/{binding}")
        limit = before.median / 2 if before else None
        words = f"at most half of the {before.median:.0f} ms before" if before else "half of before"
        yield Target(WORK, f"now/{binding}", words, limit)


def _commands(bench: Bench, module: Path) -> Mapping[str, Callable[[], object]]:
    """What each does, by its name."""
    folder, quiet = bench.new_folder("start"), [sys.executable, "-c"]
    peers: Mapping[str, Sequence[str | Path]] = {
        "python -c pass": [*quiet, "pass"],
        "import click": [*quiet, "import click"],
        RAW: listing(RAW, module),
    }
    commands: dict[str, Callable[[], object]] = {}
    for binding in BINDINGS:
        for build in bench.builds:
            seat = Seat.made(build, binding, folder)
            words, environment = seat.command(module, "tokens"), seat.environment
            commands[seat.who] = partial(run, words, environment)
    for name, command in peers.items():
        commands[name] = partial(run, command, {})
    return commands


def _processor_seconds(work: Callable[[], object]) -> float:
    """What all processes that some work starts use, also those that outlive it for a moment."""
    before = _used()
    work()
    until = time.monotonic() + _PATIENCE
    with suppress(ChildProcessError):
        while time.monotonic() < until:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.01)
    return _used() - before


def _used() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def _adopt_orphans() -> None:
    """A process whose parent has ended is this one's from now on, and counted when it ends."""
    if ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0):
        raise OSError("prctl(PR_SET_CHILD_SUBREAPER) failed")
