"""The contract, on a classic eToken, on a card of the IDPrime family, and without the extension."""

from __future__ import annotations

import pytest
from lockwright.models import KeyForm
from lockwright_etoken import adapter
from lockwright_testkit.conformance import Conformance, Subject
from lockwright_testkit.sim import SO_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory

KEY, OTHER = bytes(range(24)), bytes(range(1, 25))


class TestClassic(Conformance):
    title = "etoken"

    @pytest.fixture
    def subject(self, sim: SimulatorFactory) -> Subject:
        return Subject.simulated(
            adapter, sim("etoken"), admin_key=SO_PIN.encode(), key_form=KeyForm.PASSWORD
        )


class TestIdPrime(Conformance):
    title = "etoken-idprime"

    @pytest.fixture
    def subject(self, sim: SimulatorFactory) -> Subject:
        device = sim("etoken-idprime", so_pin=KEY.hex())
        return Subject.simulated(
            adapter, device, admin_key=KEY, so_pin=KEY.hex(), new_so_pin=OTHER.hex()
        )


class TestWithoutExtension(Conformance):
    """A module without the vendor's functions, and a token without objects of its own."""

    title = "etoken-idprime, etoken@plain"

    @pytest.fixture
    def subject(self, sim: SimulatorFactory) -> Subject:
        device = sim(
            "etoken-idprime",
            so_pin=KEY.hex(),
            module="etoken@plain",
            settings={"features": False},
        )
        return Subject.simulated(
            adapter, device, admin_key=KEY, so_pin=KEY.hex(), new_so_pin=OTHER.hex()
        )
