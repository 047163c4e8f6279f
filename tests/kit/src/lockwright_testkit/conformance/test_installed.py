"""An installed adapter on a token of the kit, chosen by the options of pytest's command line."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import NoReturn

import pytest
from lockwright.adapter import PROJECT

from lockwright_testkit.conformance.bench import Unclaimed, opened
from lockwright_testkit.conformance.hook_caller import Missing
from lockwright_testkit.conformance.subject import Subject
from lockwright_testkit.conformance.suite import Conformance
from lockwright_testkit.sim import SimulatorError
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SoftHSM


class TestInstalled(Conformance):
    """The adapter's own declaration says what it does not offer."""

    @pytest.fixture
    def subject(self, request: pytest.FixtureRequest) -> Subject:
        adapter = _adapter(request.config.getoption("--lockwright-adapter"))
        if request.config.getoption("--lockwright-token") == "softhsm":
            subject = _on_softhsm(adapter, request)
        else:
            subject = _on_the_simulator(adapter, request)
        try:
            with opened(subject):
                return subject
        except Missing as error:
            _stop(str(error))
        except Unclaimed as error:
            _stop(f"{error}; give it the vendor's strings with --lockwright-set model=...")


def _adapter(name: str | None) -> object:
    found = {point.name: point for point in entry_points(group=PROJECT)}
    if name is None and len(found) == 1:
        name = next(iter(found))
    if name not in found:
        _stop(f"name one in --lockwright-adapter; installed: {', '.join(sorted(found)) or 'none'}")
    return found[name].load()


def _on_softhsm(adapter: object, request: pytest.FixtureRequest) -> Subject:
    softhsm: SoftHSM = request.getfixturevalue("softhsm")
    softhsm.add_token("conformance")
    faulty, faults = map(request.getfixturevalue, ("faulty", "faults"))
    return Subject.softhsm(adapter, faulty, faults)


def _on_the_simulator(adapter: object, request: pytest.FixtureRequest) -> Subject:
    sim: SimulatorFactory = request.getfixturevalue("sim")
    kind = request.config.getoption("--lockwright-token")
    pairs = (each.partition("=") for each in request.config.getoption("--lockwright-set"))
    try:
        device = sim(kind, settings={key: value for key, _, value in pairs})
    except SimulatorError as error:
        _stop(str(error))
    return Subject.simulated(adapter, device)


def _stop(reason: str) -> NoReturn:
    """End the run: what is wrong is wrong for every test."""
    pytest.exit(reason, pytest.ExitCode.USAGE_ERROR)
