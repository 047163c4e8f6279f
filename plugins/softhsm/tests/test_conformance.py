"""The contract, on SoftHSM itself and on a token that locks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import lockwright_softhsm as adapter
import pytest
from lockwright.bindings import BINDINGS
from lockwright_softhsm.tokens import MANUFACTURER, MODEL
from lockwright_testkit.conformance import Conformance, Subject
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SoftHSM

NOT_OFFERED = {
    "unblock_challenge": "not offered by the vendor",
    "unblock_complete": "not offered by the vendor",
    "unblock_cancel": "not offered by the vendor",
    "response_rule": "not offered by the vendor",
    "respond": "not offered by the vendor",
    "erase": "not offered by the vendor",
    "set_policy": "not offered by the vendor",
}


class TestSoftHSM(Conformance):
    title = "SoftHSM"
    not_offered = NOT_OFFERED

    @pytest.fixture
    def subject(self, softhsm: SoftHSM, faulty: Path, faults: Callable[[str], None]) -> Subject:
        softhsm.add_token("Анна")
        return Subject.softhsm(adapter, faulty, faults)


class TestPlain(Conformance):
    title = "plain"
    not_offered = NOT_OFFERED

    @pytest.fixture(params=BINDINGS)
    def subject(self, sim: SimulatorFactory, request: pytest.FixtureRequest) -> Subject:
        device = sim(settings={"manufacturer": MANUFACTURER, "model": MODEL})
        return Subject.simulated(adapter, device, settings={"binding": request.param})
