"""Every operation stopped in every call of its module, over each binding."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path

import pytest
from lockwright.bindings import BINDINGS
from lockwright.errors import LockwrightError, Stopped
from lockwright.secret import Secret
from lockwright_testkit import stops
from lockwright_testkit.bank import PASSWORD, SOFTHSM, Bank
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.filling import fill
from lockwright_testkit.pki import TestCa
from lockwright_testkit.sim import USER_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.sim.simulator import VARIABLE
from lockwright_testkit.stop_scenes import SCENES, Scene, opened


class Copies:
    """Copies of a token with two containers, each in its turn the one that there is."""

    def __init__(self, folder: Path, template: Simulator, patch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._template = template
        self._patch = patch
        self._numbers = count()

    def next(self) -> Simulator:
        target = self._folder / f"copy{next(self._numbers)}"
        shutil.copytree(self._template.folder, target)
        self._patch.setenv(VARIABLE, str(target))
        return Simulator(target)


@pytest.fixture
def copies(tmp_path: Path, sim: SimulatorFactory, monkeypatch: pytest.MonkeyPatch) -> Copies:
    template = sim(settings=SOFTHSM)
    fill(template.module, 2)
    stops.hurry(monkeypatch.setattr)
    return Copies(tmp_path, template, monkeypatch)


@pytest.mark.timeout(0)
@pytest.mark.parametrize("binding", BINDINGS)
@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_stops_everywhere(copies: Copies, scene: Scene, binding: str) -> None:
    device = copies.next()
    with opened(device, binding) as runner:
        calls = stops.calls_of(device, scene.work(runner))
    wrong = []
    for call in calls:
        device = copies.next()
        with opened(device, binding) as runner:
            wrong += scene.stopped(runner, device, call)
    print(f"\n{scene}, {binding}: stopped {len(calls)} times, wrong {len(wrong)}")  # noqa: T201  # the figure is what the sweep is run for
    assert wrong == []


@pytest.mark.timeout(0)
def test_stops_an_enrolment_everywhere(copies: Copies, tmp_path: Path) -> None:
    """Gone on with, it ends with one certificate; begun anew, where nothing had been begun."""
    device = copies.next()
    with EstServer(TestCa.root(), {"anna": PASSWORD}) as server:
        bank = _bank(tmp_path, device, server)
        calls = stops.calls_of(device, bank.enrol)
        bank.close()
    wrong = []
    for call in calls:
        with EstServer(TestCa.root(), {"anna": PASSWORD}) as server:
            bank = _bank(tmp_path, copies.next(), server)
            if told := _stopped(bank, call):
                wrong.append(f"{call}: {told}")
            bank.close()
    print(f"\nenrolment: stopped {len(calls)} times, wrong {len(wrong)}")  # noqa: T201  # as above
    assert wrong == []


def _bank(folder: Path, device: Simulator, server: EstServer) -> Bank:
    home = folder / f"{device.folder.name}.bank"
    home.mkdir()
    return Bank(home, device, server)


def _stopped(bank: Bank, call: tuple[str, int]) -> str:
    """What is wrong with an enrolment that was stopped in a call, and gone on with."""
    stopped = stops.stopped_in(bank.device, call, bank.enrol, bank.runner.stop)
    if not isinstance(stopped, Stopped) or not stopped.cost:
        return f"it ended with {stopped!r}"
    try:
        if bank.runner.enrolments.unfinished():
            bank.runner.enrolments.resume(bank.storage(), password=Secret(PASSWORD))
        elif bank.digest() == bank.before:
            bank.enrol()
    except LockwrightError as error:
        return f"{stopped}; then {error!r}"
    found = bank.runner.list(bank.token, Secret(USER_PIN)).containers
    labels = sorted(each.label for each in found if each.certificates)
    return "" if labels == ["anna", "c0", "c1"] else f"there are {labels}"
