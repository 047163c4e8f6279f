"""The contract, on a classic eToken, on a card of the IDPrime family, and without the extension."""

from __future__ import annotations

import lockwright_etoken as adapter
import pytest
from lockwright.models import KeyForm
from lockwright_testkit.conformance import Conformance, Subject
from lockwright_testkit.sim import SO_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory

KEY = bytes(range(24))
NO_ERASURE = {"erase": "not offered by the vendor"}
NO_EXTENSION = dict.fromkeys(
    ["unblock_challenge", "unblock_complete", "unblock_cancel"], "not in this module"
)
NO_POLICY = {"set_policy": "the token tells no rules"}


class TestClassic(Conformance):
    title = "etoken"
    not_offered = NO_ERASURE

    @pytest.fixture
    def subject(self, sim: SimulatorFactory) -> Subject:
        return Subject.simulated(
            adapter, sim("etoken"), admin_key=SO_PIN.encode(), key_form=KeyForm.PASSWORD
        )


class TestIdPrime(Conformance):
    title = "etoken-idprime"
    not_offered = NO_ERASURE

    @pytest.fixture
    def subject(self, sim: SimulatorFactory) -> Subject:
        device = sim("etoken-idprime", so_pin=KEY.hex())
        return Subject.simulated(adapter, device, admin_key=KEY, so_pin=KEY.hex())


class TestWithoutExtension(Conformance):
    """A module without the vendor's functions, and a token without objects of its own."""

    title = "etoken-idprime, etoken@plain"
    not_offered = NO_ERASURE | NO_EXTENSION | NO_POLICY

    @pytest.fixture
    def subject(self, sim: SimulatorFactory) -> Subject:
        device = sim(
            "etoken-idprime",
            so_pin=KEY.hex(),
            module="etoken@plain",
            settings={"features": False},
        )
        return Subject.simulated(adapter, device, admin_key=KEY, so_pin=KEY.hex())
