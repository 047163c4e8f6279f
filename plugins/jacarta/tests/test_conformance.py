"""The contract, on every applet."""

from __future__ import annotations

import pytest
from lockwright_jacarta import adapter
from lockwright_testkit.conformance import Conformance, Subject
from lockwright_testkit.sim import SO_PIN
from lockwright_testkit.sim.answers import stand_in_answer
from lockwright_testkit.sim.fixtures import SimulatorFactory

KEY, STAND_IN_KEY = bytes(range(24)), b"0" * 32
PUK = "0987654321"


class TestPki(Conformance):
    title = "jacarta-pki, key"

    @pytest.fixture
    def subject(self, sim: SimulatorFactory) -> Subject:
        device = sim("jacarta-pki", settings={"admin.key": KEY})
        return Subject.simulated(adapter, device, admin_key=KEY)


class TestPkiWithPin(Conformance):
    title = "jacarta-pki, PIN"

    @pytest.fixture
    def subject(self, sim: SimulatorFactory) -> Subject:
        device = sim("jacarta-pki", settings={"wipe.allowed": True})
        return Subject.simulated(adapter, device, admin_key=KEY)


class TestPro(Conformance):
    title = "jacarta-pro"

    @pytest.fixture
    def subject(self, sim: SimulatorFactory) -> Subject:
        return Subject.simulated(
            adapter,
            sim("jacarta-pro"),
            answer=lambda request: stand_in_answer(SO_PIN.encode(), request.data, 8),
        )


class TestGost2(Conformance):
    title = "jacarta-gost2"

    @pytest.fixture
    def subject(self, sim: SimulatorFactory) -> Subject:
        device = sim("jacarta-gost2", settings={"admin.key": STAND_IN_KEY, "puk.pin": PUK})
        return Subject.simulated(
            adapter,
            device,
            puk=PUK,
            answer=lambda request: stand_in_answer(STAND_IN_KEY, request.data, 16),
        )
