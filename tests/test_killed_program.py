"""The program as people run it, killed while the process of its module is at work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lockwright_testkit.customer import Customer
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.pki import TestCa
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.sim.simulator import Simulator

LOGIN, OTP = "anna", "Maple-Drum-77"
SLOW = 6000
"""Milliseconds that the token needs for a key pair. Going on needs them, too: a module's process
that outlived the program would make its key in the meantime, and there would be two."""


@pytest.fixture
def server() -> Iterator[EstServer]:
    with EstServer(TestCa.root(), {LOGIN: OTP}) as running:
        yield running


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    return sim("jacarta-pki")


@pytest.fixture
def customer(tmp_path: Path, device: Simulator, server: EstServer) -> Customer:
    made = Customer(tmp_path, device.module)
    made.knows(server)
    return made


def test_killed_while_the_token_makes_a_key_no_second_one_is_made(
    customer: Customer, device: Simulator, server: EstServer
) -> None:
    device.set("delay.C_GenerateKeyPair", SLOW)
    device.zero_counts()
    with customer.begin("bank", LOGIN, OTP) as process:
        while not device.counts().get("C_GenerateKeyPair"):
            assert process.poll() is None
        process.kill()

    assert customer.resume(OTP).code == 0

    (container,) = customer.containers()
    assert (container["state"], len(container["key"]["objects"])) == ("complete", 2)
    (certificate,) = container["certificates"]
    issued = server.issued_to(LOGIN)
    assert issued is not None
    assert certificate["serial"] == f"{issued.serial_number:x}"
    assert customer.unfinished() == []
