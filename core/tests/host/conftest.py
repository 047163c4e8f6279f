"""A SoftHSM token, and hosts for it that are ended with the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attacker import MANUFACTURER
from hostile import Bench
from lockwright.host.host import Host
from lockwright.host.inprocess import InProcessHost
from lockwright.host.parent import ChildHost
from lockwright.host.protocol import AdapterRef
from lockwright.models import Token
from lockwright.models.deadlines import Deadlines
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import AddedToken, SoftHSM

SOFTHSM = AdapterRef("softhsm", "lockwright_softhsm:adapter")

NewHost = Callable[[AdapterRef, Path], Host]


@pytest.fixture
def added(softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token("Anna")


@pytest.fixture
def in_child() -> Iterator[NewHost]:
    """Makes hosts with a child each."""
    hosts: list[Host] = []

    def make(adapter: AdapterRef, module: Path) -> Host:
        hosts.append(ChildHost(adapter, module, {}, deadlines=Deadlines(), verbose=False))
        return hosts[-1]

    yield make
    for host in hosts:
        host.close()


@pytest.fixture(params=["child", "in process"])
def host(
    request: pytest.FixtureRequest, softhsm: SoftHSM, added: AddedToken, in_child: NewHost
) -> Iterator[Host]:
    """A host for the SoftHSM adapter, of each kind in turn."""
    if request.param == "child":
        yield in_child(SOFTHSM, softhsm.module)
    else:
        made = InProcessHost(SOFTHSM, softhsm.module, {})
        yield made
        made.close()


@pytest.fixture
def bench(sim: SimulatorFactory, softhsm: SoftHSM, added: AddedToken) -> Bench:
    """A module that attacks, beside SoftHSM with one token."""
    device = sim(settings={"manufacturer": MANUFACTURER, "model": "Attack"})
    return Bench(device, softhsm, added)


@pytest.fixture
def token_of() -> Callable[[Host], Token]:
    """Finds the only token a host shows, beside the blank one that SoftHSM always has."""

    def find(host: Host) -> Token:
        tokens = host.inspect().tokens.items()
        [(identity, state)] = ((each, state) for each, state in tokens if each.initialized)
        assert state is not None
        return Token(identity, "softhsm", "a test", state)

    return find
