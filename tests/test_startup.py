"""The program starts at once: nothing heavy is imported before it is needed."""

from __future__ import annotations

import math
import subprocess
import sys
import time
from pathlib import Path

import pytest

HEAVY = (
    *("cryptography", "pkcs11", "PyKCS11", "pluggy", "rich", "structlog", "platformdirs"),
    *("rfc8785", "asyncio", "multiprocessing", "importlib.metadata", "lockwright.runner"),
    "lockwright.cli.commands",
)
PROGRAM = Path(sys.executable).with_name("lockwright")
RUNS = 10
ROUNDS = 6
"""A busy machine needs more runs until one is undisturbed."""
LIMIT = 2.0


def imported(*arguments: str) -> set[str]:
    """Modules that are there after a command of the program."""
    code = (
        "import sys\n"
        "from lockwright.cli.app import main\n"
        f"main({list(arguments)!r})\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("--lang", "ru", "--help")])
def test_nothing_heavy_is_imported_when(arguments: tuple[str, ...]) -> None:
    assert not imported(*arguments) & set(HEAVY)


def test_help_of_a_command_opens_no_binding_and_no_plugin() -> None:
    there = imported("unblock", "--help")
    assert not there & {"pkcs11", "PyKCS11", "cryptography", "lockwright_softhsm"}


def test_a_module_s_process_reads_no_configuration() -> None:
    """Each module has one, and its start is waited for."""
    code = "import sys, lockwright.host.child; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    unwanted = {"lockwright.config", "lockwright.ledger", "tomllib", "cryptography"}
    assert not set(done.stdout.split()) & unwanted


def fastest(command: list[str], runs: int) -> float:
    """The shortest time in seconds of some runs: the one that was disturbed least."""
    times = []
    for _number in range(runs):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return min(times)


def test_the_version_takes_at_most_twice_as_long_as_importing_click() -> None:
    ours = click = math.inf
    for _round in range(ROUNDS):
        ours = min(ours, fastest([str(PROGRAM), "--version"], RUNS))
        click = min(click, fastest([sys.executable, "-c", "import click"], RUNS))
        if ours <= LIMIT * click:
            return
    pytest.fail(f"{ours:.3f} s, click {click:.3f} s")
