"""What the kit's own tests share: a simulated token, and its module between begin and end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from lockwright_testkit.raw import RawModule, started
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

Starter = Callable[[Simulator], RawModule]
Child = Callable[..., "subprocess.CompletedProcess[str]"]

_HEAD = """
import sys
from pathlib import Path
from lockwright_testkit.raw import RawModule, started
path = Path(sys.argv[1])
"""


@pytest.fixture
def start() -> Iterator[Starter]:
    """Start a device's module; it ends with the test."""
    with ExitStack() as stack:
        yield lambda device: stack.enter_context(started(device.module))


@pytest.fixture
def token(sim: SimulatorFactory) -> Simulator:
    """A plain token, whose user has three tries and whose SO has two."""
    return sim("plain", settings={"user.tries.max": 3, "so.tries.max": 2})


@pytest.fixture
def child() -> Child:
    """Run Python lines in a process of their own, where ``path`` is the module's."""

    def run(
        device: Simulator, lines: str, *, timeout: float = 60
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", _HEAD + lines, str(device.module)],
            check=False,
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    return run
