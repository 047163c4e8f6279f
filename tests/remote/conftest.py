"""A locked JaCarta whose administrator answers Requests, with and without the host."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from locked_token import Locked
from locked_token import locked as made_locked
from lockwright import Config, Runner
from lockwright.deadlines import Deadlines
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory

KEY = bytes(range(24))


@pytest.fixture
def isolated(request: pytest.FixtureRequest) -> bool:
    """Whether the module gets a process of its own; a test may ask for both."""
    wanted: bool = getattr(request, "param", True)
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
def device(sim: SimulatorFactory) -> Simulator:
    """Strict: any call at all between Request and Response voids the Request."""
    settings: dict[str, Setting] = {
        "admin.key": KEY,
        "user.tries.max": 3,
        "so.tries.max": 5,
        "challenge.strict": True,
    }
    return sim("jacarta-pki", label="Anna", settings=settings)


@pytest.fixture
def locked(device: Simulator, opened: Callable[..., Runner], tmp_path: Path) -> Locked:
    return made_locked(device, opened(device.module), tmp_path)
