"""The program starts at once: nothing heavy is imported before it is needed."""

from __future__ import annotations

import math
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lockwright_testkit.softhsm import SoftHSM

NOT_FOR_TOKENS = (
    *("cryptography", "rich", "structlog", "importlib.metadata", "email", "json", "tomllib"),
    *("logging", "concurrent.futures", "asyncio", "multiprocessing", "subprocess", "difflib"),
    *("pkcs11", "PyKCS11", "importlib.abc", "secrets", "sqlite3", "ssl", "socket", "http"),
    "importlib.resources",
    *("lockwright.audit", "lockwright.responder", "lockwright.operations.enrolment.with_ca"),
    *("lockwright.operations.remote", "lockwright.operations.deletion", "lockwright.cli.pins"),
    *("lockwright.spoken", "lockwright.calls.adapters", "lockwright.certificates.names"),
)
"""What nobody needs who looks for tokens on which nothing is."""
NOT_IN_A_COPY = (
    *("lockwright.config", "lockwright.registry", "lockwright.runner", "lockwright.ledger"),
    *("lockwright_softhsm", "lockwright_etoken", "lockwright_jacarta", "pkcs11", "PyKCS11"),
    *("cryptography", "rich", "tomllib", "platformdirs"),
)
"""What the program has not imported yet when its copy is made, and read nothing for."""
HEAVY = (
    *("cryptography", "pkcs11", "PyKCS11", "pluggy", "rich", "structlog", "platformdirs"),
    *(
        "lockwright.host.child",
        "lockwright.host.ahead",
        "rfc8785",
        "asyncio",
        "multiprocessing",
        "importlib.metadata",
        "lockwright.runner",
    ),
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


@pytest.fixture
def of_tokens(softhsm: SoftHSM) -> tuple[set[str], set[str]]:
    """What ``lockwright tokens`` has imported at its end, and its copy when it was made."""
    softhsm.add_token("one")
    code = (
        "import os, sys\n"
        "from lockwright.cli.app import main\n"
        "def tell():\n"
        "    print('in the copy', *sys.modules, 'end', file=sys.stderr, flush=True)\n"
        "os.register_at_fork(after_in_child=tell)\n"
        f"sys.argv = ['lockwright', 'tokens', '--module', {str(softhsm.module)!r}]\n"
        "assert main() == 0\n"
        "print('at the end', *sys.modules, file=sys.stderr)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "one" in done.stdout
    _before, copied = done.stderr.split("in the copy")
    in_copy, at_end = copied.split("at the end")
    return set(at_end.split()), set(in_copy.split())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is copied")
def test_what_looks_for_tokens_loads_nothing_that_others_need(
    of_tokens: tuple[set[str], set[str]],
) -> None:
    at_end, _in_copy = of_tokens
    assert not at_end & set(NOT_FOR_TOKENS)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is copied")
def test_a_copy_is_made_before_anything_is_read(of_tokens: tuple[set[str], set[str]]) -> None:
    _at_end, in_copy = of_tokens
    assert "lockwright.host.child" in in_copy
    assert not in_copy & set(NOT_IN_A_COPY)


def test_a_module_s_process_reads_no_configuration() -> None:
    """Each module has one, and its start is waited for."""
    code = "import sys, lockwright.host.child; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    unwanted = {"lockwright.config", "lockwright.ledger", "tomllib", "cryptography", "subprocess"}
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
