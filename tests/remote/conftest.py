"""A locked token whose administrator answers Requests, with and without the host."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from client import Computer
from kinds import JACARTA_PKI, Kind
from locked_token import Locked
from locked_token import locked as made_locked
from lockwright import Config, Runner
from lockwright.models.deadlines import Deadlines
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory


@pytest.fixture
def isolated(request: pytest.FixtureRequest) -> bool:
    """Whether the module gets a process of its own; a test may ask for both.

    Where a client's program unblocks, it is that which has one.
    """
    wanted: bool = getattr(request, "param", "computer" not in request.fixturenames)
    return wanted


@pytest.fixture
def opened(tmp_path: Path, isolated: bool) -> Iterator[Callable[..., Runner]]:  # noqa: FBT001  # a fixture
    """Makes runners that look at one module, with an audit trail; closed at the end."""
    runners: list[Runner] = []

    def make(
        *modules: Path, use_last_try: bool = False, response: float = 900, isolate: bool = isolated
    ) -> Runner:
        config = Config(audit=tmp_path / "audit.jsonl", deadlines=Deadlines(response=response))
        runner = Runner(config, modules=modules, isolate=isolate, use_last_try=use_last_try)
        runners.append(runner)
        return runner

    yield make
    for runner in runners:
        runner.close()


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> Kind:
    """What kind of token it is: a JaCarta PKI; a test may ask for others."""
    wanted: Kind = getattr(request, "param", JACARTA_PKI)
    return wanted


@pytest.fixture
def device(kind: Kind, sim: SimulatorFactory) -> Simulator:
    return kind.make(sim)


@pytest.fixture
def locked(kind: Kind, device: Simulator, opened: Callable[..., Runner], tmp_path: Path) -> Locked:
    return made_locked(kind, device, opened(device.module), tmp_path)


@pytest.fixture
def computer(tmp_path: Path, locked: Locked, terminal: Terminal) -> Computer:
    return Computer(tmp_path / "client", locked, terminal)
