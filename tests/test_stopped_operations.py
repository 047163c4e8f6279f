"""A program stops what runs in another thread, in each call of the module; nobody is blamed.

This is a sample; ``make sweep ARGS="-k stops"`` stops in every call.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lockwright import Secret
from lockwright.bindings import BINDINGS
from lockwright.errors import GO_ON, NOTHING, UNKNOWN_COST, Stopped
from lockwright.host import process
from lockwright_testkit import stops
from lockwright_testkit.bank import PASSWORD, SOFTHSM, Bank
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.filling import PARTS, fill
from lockwright_testkit.pki import TestCa
from lockwright_testkit.sim import USER_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.stop_scenes import SCENES, opened
from lockwright_testkit.waiting import until

SAMPLE = [
    ("find", "C_GetTokenInfo", 1),
    ("delete", "C_DestroyObject", 2),
    ("unblock", "C_InitPIN", 1),
    ("request", "C_GenerateKeyPair", 1),
]
"""Operations and calls, over one binding and the other in turn."""


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    made = sim(settings=SOFTHSM)
    fill(made.module, 2)
    return made


@pytest.fixture
def pin() -> Secret:
    return Secret(USER_PIN)


@pytest.mark.parametrize(("name", "function", "number"), SAMPLE)
def test_what_hangs_is_stopped_and_the_same_runner_goes_on(
    device: Simulator, monkeypatch: pytest.MonkeyPatch, name: str, function: str, number: int
) -> None:
    stops.hurry(monkeypatch.setattr)
    scene = next(each for each in SCENES if each.name == name)
    binding = list(BINDINGS)[SAMPLE.index((name, function, number)) % len(BINDINGS)]
    with opened(device, binding) as runner:
        assert scene.stopped(runner, device, (function, number)) == []


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module has all the time that it needs on a machine that is busy."""
    monkeypatch.setattr(process, "_PARTING", 60.0)


@pytest.mark.usefixtures("patient")
def test_a_module_that_answers_in_time_is_unloaded_in_order(device: Simulator, pin: Secret) -> None:
    """What it has changed by then is known, and is no failure."""
    device.set("delay.C_SetPIN", 400)
    with opened(device, "pykcs11") as runner:
        token = runner.find()
        device.zero_counts()
        with ThreadPoolExecutor(1) as pool:
            changed = pool.submit(runner.change_pin, token, pin, Secret("Maple-drum-77"))
            until(lambda: device.counts().get("C_SetPIN"))
            runner.stop()
            changed.result()
        assert device.counts()["C_Finalize"] == 1
        assert runner.list(token, Secret("Maple-drum-77")).logged_in


@pytest.mark.usefixtures("patient")
def test_a_slow_listing_ends_between_two_calls(device: Simulator, pin: Secret) -> None:
    with opened(device, "pykcs11") as runner:
        token = runner.find()
        device.set("delay.C_GetAttributeValue", 500)
        device.zero_counts()
        with ThreadPoolExecutor(1) as pool:
            listing = pool.submit(runner.list, token, pin)
            until(lambda: device.counts().get("C_GetAttributeValue", 0) >= 2)
            runner.stop()
            with pytest.raises(Stopped):
                listing.result()
        counts = device.counts()
        assert counts["C_Finalize"] == 1, "it was not killed"
        assert counts["C_GetAttributeValue"] < 2 * PARTS


def test_what_begins_after_a_stop_is_not_stopped(device: Simulator, pin: Secret) -> None:
    with opened(device, "pykcs11") as runner:
        token = runner.find()
        runner.stop()
        assert runner.list(token, pin).logged_in


def test_operations_together_are_stopped_between_two_of_them(
    device: Simulator, pin: Secret
) -> None:
    """And once: what is done about it is not stopped by the same stop."""
    with opened(device, "pykcs11") as runner, runner.together():
        token = runner.find()
        runner.stop()
        with pytest.raises(Stopped) as stopped:
            runner.list(token, pin)
        assert stopped.value.cost == NOTHING
        runner.change_pin(token, pin, Secret("Maple-drum-77"))
        runner.stop()
        with pytest.raises(Stopped) as after_a_change:
            runner.list(token, Secret("Maple-drum-77"))
        assert after_a_change.value.cost == UNKNOWN_COST


def test_a_runner_that_is_closed_while_a_module_hangs_blames_nobody(
    device: Simulator, pin: Secret
) -> None:
    others = stops.children()
    runner = opened(device, "python-pkcs11")
    token = runner.find()
    ended = stops.stopped_in(device, ("C_Login", 1), lambda: runner.list(token, pin), runner.close)
    assert isinstance(ended, Stopped)
    assert stops.children() <= others


# --- an enrolment ---------------------------------------------------------------------------------


@pytest.fixture
def bank(tmp_path: Path, device: Simulator) -> Iterator[Bank]:
    with EstServer(TestCa.root(), {"anna": PASSWORD}) as server:
        made = Bank(tmp_path, device, server)
        yield made
        made.close()


def test_an_enrolment_that_is_stopped_goes_on_where_it_was(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    stops.hurry(monkeypatch.setattr)
    stopped = stops.stopped_in(bank.device, ("C_CreateObject", 1), bank.enrol, bank.runner.stop)
    assert isinstance(stopped, Stopped)
    assert stopped.cost == GO_ON
    bank.runner.enrolments.resume(bank.storage(), password=Secret(PASSWORD))
    assert bank.runner.enrolments.unfinished() == []
    labels = [each.label for each in bank.runner.list(bank.token, Secret(USER_PIN)).containers]
    assert labels.count("anna") == 1
