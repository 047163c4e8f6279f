"""The contract, on a simulated token of either model."""

from __future__ import annotations

import pytest
from lockwright_acme import adapter
from lockwright_testkit.conformance import Conformance, Subject
from lockwright_testkit.sim.fixtures import SimulatorFactory


class TestOne(Conformance):
    @pytest.fixture
    def subject(self, sim: SimulatorFactory) -> Subject:
        device = sim(settings={"manufacturer": "Acme Ltd", "model": "Acme One"})
        return Subject.simulated(adapter, device)


class TestCard(Conformance):
    @pytest.fixture
    def subject(self, sim: SimulatorFactory) -> Subject:
        device = sim(settings={"manufacturer": "Acme Ltd", "model": "Acme Card"})
        return Subject.simulated(adapter, device)
