"""What a module starts ends with it, however lockwright itself ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from attacker import SLEEPS
from hostile import Bench
from lockwright.errors import ModuleCrashed
from lockwright_testkit.waiting import until

CALLER = """
import json, os, sys, time
from importlib.metadata import EntryPoint
from lockwright import Config, Runner
from lockwright.registry import Registry
points = [EntryPoint("attacker", "attacker:adapter", "lockwright")]
config = Config(audit=None, adapters=json.loads(sys.argv[1]))
with Runner(config, registry=Registry(found=points)) as runner:
    runner.detect()
    os.setsid()
    exec(sys.argv[2])
    print("looked", flush=True)
    sys.stdin.read()
"""
PATIENCE = 60


def left(bench: Bench) -> set[int]:
    """Processes that the attacker left, which sleep in its folder or are its copies."""
    own = str(bench.plan_file.parent.resolve())
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            place = str((folder / "cwd").readlink())
        except OSError:
            continue
        if command[:2] == [b"sleep", SLEEPS.encode()] and state != "Z" and place == own:
            found.add(int(folder.name))
    return found


def test_what_a_module_started_ends_with_it(bench: Bench) -> None:
    before = left(bench)
    bench.plan("open", does="leave something")
    with bench.runner() as runner:
        runner.detect()
        new = left(bench) - before
        assert new
    until(lambda: not new & left(bench))


def test_what_a_module_started_ends_with_a_module_that_crashed(bench: Bench) -> None:
    before = left(bench)
    bench.plan("open", does="leave something and crash")
    with bench.runner() as runner:
        error = bench.problem(runner.detect())
        assert isinstance(error, ModuleCrashed)
        until(lambda: not left(bench) - before)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("copies", ["", "os.fork() or time.sleep(600)"], ids=["alone", "forked"])
def test_what_a_module_started_ends_with_lockwright(
    bench: Bench, how: signal.Signals, copies: str
) -> None:
    """Also where a copy of the program goes on, which has been given all that it holds open."""
    before = left(bench)
    bench.plan("open", does="leave something")
    adapters = json.dumps({"attacker": bench.config.adapters["attacker"]})
    parent = subprocess.Popen(
        [sys.executable, "-c", CALLER, adapters, copies],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**bench.environment, "PYTHONPATH": str(Path(__file__).with_name("support"))},
    )
    assert parent.stdout is not None
    assert parent.stdin is not None
    assert parent.stdout.readline() == b"looked\n"
    new = left(bench) - before
    assert new

    parent.send_signal(how)
    parent.wait(PATIENCE)

    until(lambda: not new & left(bench))
    with suppress(ProcessLookupError):
        os.killpg(parent.pid, signal.SIGKILL)  # the copy, which leads nothing
    parent.stdout.close()
    parent.stdin.close()
