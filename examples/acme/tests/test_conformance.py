"""The contract, on a simulated token of either model."""

from __future__ import annotations

import lockwright_acme
import pytest
from lockwright_testkit.conformance import Conformance, Subject
from lockwright_testkit.sim.fixtures import SimulatorFactory

NOT_OFFERED = dict.fromkeys(
    [
        *("unblock_challenge", "unblock_complete", "unblock_cancel", "response_rule", "respond"),
        *("erase", "set_policy"),
    ],
    "Acme has no function for it",
)
NO_WIPE = {"wipe": "each object is deleted by itself"}


class TestOne(Conformance):
    not_offered = NOT_OFFERED

    @pytest.fixture
    def subject(self, sim: SimulatorFactory) -> Subject:
        device = sim(settings={"manufacturer": "Acme Ltd", "model": "Acme One"})
        return Subject.simulated(lockwright_acme, device)


class TestCard(Conformance):
    not_offered = NOT_OFFERED | NO_WIPE

    @pytest.fixture
    def subject(self, sim: SimulatorFactory) -> Subject:
        device = sim(settings={"manufacturer": "Acme Ltd", "model": "Acme Card"})
        return Subject.simulated(lockwright_acme, device)
