"""The contract, on SoftHSM itself and on a token that locks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright.bindings import BINDINGS
from lockwright_softhsm import adapter
from lockwright_testkit.conformance import Conformance, Subject
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SoftHSM


class TestSoftHSM(Conformance):
    title = "SoftHSM"

    @pytest.fixture
    def subject(self, softhsm: SoftHSM, faulty: Path, faults: Callable[[str], None]) -> Subject:
        softhsm.add_token("Анна")
        return Subject.softhsm(adapter, faulty, faults)


class TestPlain(Conformance):
    title = "plain"

    @pytest.fixture(params=BINDINGS)
    def subject(self, sim: SimulatorFactory, request: pytest.FixtureRequest) -> Subject:
        device = sim(settings={"manufacturer": "SoftHSM project", "model": "SoftHSM v2"})
        return Subject.simulated(adapter, device, settings={"binding": request.param})
