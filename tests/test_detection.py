"""Looking for tokens: nothing is asked twice, and no module waits for another."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest
from lockwright import Config, Runner
from lockwright.errors import Interrupted
from lockwright.models.deadlines import Deadlines
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import CTRL_C, Terminal
from lockwright_testkit.sim import Applet, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.waiting import until

CALLS = {
    "plain": 6,
    "etoken": 20,
    "etoken-idprime": 20,
    "jacarta-pki": 9,
    "jacarta-pro": 9,
    "jacarta-gost2": 7,
    "jacarta-pki, jacarta-gost2": 12,
    "jacarta-pki, jacarta-pro, jacarta-gost2": 16,
}
"""Calls that a module gets in one look, by the applets of its device."""
OF_KEY_TYPES = 3
"""Calls more for each applet where a look is for key types, too: mechanisms, and two key sizes."""
SLOW = 0.3
"""Seconds that each call of a slow token takes."""
LONGEST = 120
"""Seconds in which even a busy machine starts four programs."""
PARTING = 2
"""Seconds that a child process gets to unload its module."""
FOR_EVER = 600
"""Seconds of a call that is cut short."""


PATIENT = Deadlines(inspect=FOR_EVER)


def config(shown: Mapping[str, Sequence[Simulator]], deadlines: Deadlines) -> Config:
    """Devices by the adapter that is to look at their modules."""
    return Config(
        audit=None,
        allow=tuple(shown),
        adapters={
            adapter: {"modules": [str(device.module) for device in devices]}
            for adapter, devices in shown.items()
        },
        deadlines=deadlines,
    )


@pytest.mark.parametrize(("applets", "calls"), CALLS.items())
def test_a_look_asks_each_token_for_nothing_twice(
    sim: SimulatorFactory, applets: str, calls: int
) -> None:
    first, *further = applets.split(", ")
    device = sim(first, more=tuple(Applet(each, serial=each) for each in further))
    device.zero_counts()
    adapter = "jacarta" if first.startswith("jacarta") else "etoken"
    with Runner(config({adapter: [device]}, Deadlines())) as runner:
        seen = runner.detect(key_types=False)
        counted = device.counts()
        device.zero_counts()
        runner.detect()
        again = sum(device.counts().values())
    assert len(seen.tokens) == 1 + len(further)
    assert seen.problems == ()
    assert sum(counted.values()) == calls, counted
    mine = sum(token.adapter is not None for token in seen.tokens)
    started = 2  # C_Initialize and C_GetInfo are for the first look alone
    assert again == calls - started + OF_KEY_TYPES * mine


def test_a_device_that_is_slow_at_every_call_is_waited_for() -> None:
    most = max(calls + OF_KEY_TYPES * len(applets.split(", ")) for applets, calls in CALLS.items())
    assert most * SLOW <= 0.75 * Deadlines().inspect


def test_a_module_is_a_problem_when_it_has_ended_amid_a_look(sim: SimulatorFactory) -> None:
    """Somebody else in its process has finalised it; its tokens have not been pulled out."""
    device = sim("plain")
    device.fault("C_GetTokenInfo@*=0x190")
    with Runner(config({"etoken": [device]}, Deadlines())) as runner:
        seen = runner.detect()

    assert [problem.error.code for problem in seen.problems] == ["module-not-ready"]


def test_no_module_waits_for_another(sim: SimulatorFactory) -> None:
    """All four are in the middle of a call that takes for ever; then all tokens are pulled out."""
    shown = {
        "jacarta": [sim("jacarta-pki"), sim("jacarta-pki", module="jacarta@2.9")],
        "etoken": [sim("etoken"), sim("plain")],
    }
    devices = [device for each in shown.values() for device in each]
    for device in devices:
        device.set("delay.C_GetTokenInfo", FOR_EVER * 1000)
    with Runner(config(shown, PATIENT)) as runner:
        looking = threading.Thread(target=runner.detect)
        looking.start()
        try:
            all_are_in(devices, "C_GetTokenInfo")
        finally:
            for device in devices:
                device.unplug()
            looking.join(LONGEST)
    assert not looking.is_alive()


def test_no_module_waits_for_another_to_be_unloaded(sim: SimulatorFactory) -> None:
    """Each of them may take a little while to part, all four of them no longer."""
    devices = [sim("etoken"), sim("plain"), sim("jacarta-pki"), sim("etoken", module="etoken@1.2")]
    with Runner(config({"etoken": devices}, PATIENT)) as runner:
        assert len(runner.detect().modules) == len(devices)
        for device in devices:
            device.set("delay.C_Finalize", FOR_EVER * 1000)
        began = time.monotonic()
        runner.close()
        took = time.monotonic() - began
    assert took < PARTING * len(devices)


def all_are_in(devices: Iterable[Simulator], function: str) -> None:
    """Wait until every device is in its first call of a function."""
    until(lambda: all(device.counts().get(function) == 1 for device in devices))


@pytest.fixture
def slow(sim: SimulatorFactory, tmp_path: Path) -> tuple[Program, Sequence[Simulator]]:
    """Two tokens of two modules that are found at once, and whose objects take for ever."""
    devices = [sim("jacarta-pki"), sim("jacarta-pki", module="jacarta@2.9")]
    for device in devices:
        device.set("delay.C_FindObjectsInit", FOR_EVER * 1000)
    program = Program(tmp_path)
    file = program.home / "config" / "lockwright" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(
        f'[plugins]\nallow = ["jacarta"]\n[deadlines]\ncall = {FOR_EVER}\n'
        f"[adapters.jacarta]\nmodules = {[str(device.module) for device in devices]}\n"
    )
    return program, devices


def test_certificates_that_end_soon_are_looked_for_on_all_tokens_side_by_side(
    slow: tuple[Program, Sequence[Simulator]], terminal: Terminal
) -> None:
    program, devices = slow
    screen = terminal(program, "tokens")
    all_are_in(devices, "C_FindObjectsInit")
    for device in devices:
        device.unplug()
    code, said = screen.ends()
    assert code == 0
    assert all(device.show()["slot0.serial"] in said for device in devices)


def test_ctrl_c_does_not_wait_for_slow_tokens(
    slow: tuple[Program, Sequence[Simulator]], terminal: Terminal
) -> None:
    program, devices = slow
    screen = terminal(program, "tokens")
    all_are_in(devices, "C_FindObjectsInit")
    screen.presses(CTRL_C)
    assert screen.ends().code == Interrupted.exit_code
