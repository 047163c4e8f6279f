"""A person who stops a long deletion is told what is gone; who only waits sees how far it is."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest
from lockwright_testkit.bank import SOFTHSM
from lockwright_testkit.filling import PARTS, fill
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import CTRL_C, Terminal
from lockwright_testkit.sim import USER_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.waiting import until

CONTAINERS = 4
SLOW = 400
"""Milliseconds to remove an object: a person sees some of them go, and has time to press a key."""
NARROW = (24, 40)
PATIENCE = 2
"""Seconds that a module may be silent."""


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path)
    made.secret("user.pin", USER_PIN)
    return made


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    made = sim(settings=SOFTHSM)
    fill(made.module, CONTAINERS)
    made.set("delay.C_DestroyObject", SLOW)
    return made


@pytest.fixture
def wipe(program: Program, device: Simulator) -> tuple[str | Path, ...]:
    serial = device.show()["slot0.serial"]
    pin = ("--pin-file", "user.pin", "--module", device.module)
    return ("wipe", "--yes", "--token", serial, *pin)


def test_ctrl_c_stops_a_wipe_between_two_objects_and_the_rest_is_there(
    program: Program, device: Simulator, wipe: tuple[str | Path, ...], terminal: Terminal
) -> None:
    screen = terminal(program, *wipe, size=NARROW)
    screen.reads("of 12 objects are gone")
    screen.presses(CTRL_C)
    left = screen.ends()
    assert left.code == 130
    assert "Stopped, as you wished. Gone: private key c" in left.said
    assert "see what is left with: lockwright list" in left.said
    device.set("delay.C_DestroyObject", 0)
    seen = program.run("list", "--json", "--pin-file", "user.pin", "--module", device.module)
    assert 0 < len(seen.document["containers"]) <= CONTAINERS
    assert all(line.rstrip() == line[:40].rstrip() for line in screen.lines)


def test_a_second_ctrl_c_ends_a_wipe_at_once_and_tells_how_many_are_gone_at_least(
    program: Program, device: Simulator, wipe: tuple[str | Path, ...], terminal: Terminal
) -> None:
    device.fault(f"C_DestroyObject@{PARTS}=hang")
    screen = terminal(program, *wipe)
    screen.reads("2 of 12 objects are gone")
    screen.presses(CTRL_C)
    screen.reads("2 of 12 objects are gone Stopping after the object in hand")
    screen.presses(CTRL_C)
    left = screen.ends()
    assert left.code == 130
    assert "Of 12 objects that were to be deleted, at least 2 are gone." in left.said


def test_a_program_that_was_stopped_by_the_shell_hears_what_came_meanwhile(
    program: Program, device: Simulator, wipe: tuple[str | Path, ...]
) -> None:
    config = program.home / "patience.toml"
    config.write_text(f"[deadlines]\ncall = {PATIENCE}\n")
    device.zero_counts()
    words = [program.path, *wipe, "--config", config]
    with subprocess.Popen(words, cwd=program.home, env=program.environment) as running:
        until(lambda: device.counts().get("C_DestroyObject"))
        running.send_signal(signal.SIGSTOP)
        time.sleep(1.5 * PATIENCE)
        running.send_signal(signal.SIGCONT)
    assert running.returncode == 0
