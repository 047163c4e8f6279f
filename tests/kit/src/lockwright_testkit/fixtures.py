"""pytest fixtures for authors of adapters; pytest finds them by the kit's entry point."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from lockwright_testkit.interposer import FAULTS_VARIABLE, environment, interposer
from lockwright_testkit.pseudo_terminal import terminal as terminal  # noqa: PLC0414  # the same
from lockwright_testkit.sim.fixtures import sim as sim  # noqa: PLC0414  # a fixture, found by its name
from lockwright_testkit.softhsm import SoftHSM


@pytest.fixture
def softhsm(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> SoftHSM:
    """A SoftHSM without tokens, which this process and its children see."""
    made = SoftHSM(tmp_path_factory.mktemp("softhsm"))
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    return made


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Path]:
    """What stands before a module of this system and fails as ``faults`` plans.

    ``failing(Path("/usr/lib/acme/libacme11.so"))``: the path of the module to load in its place.
    """

    return partial(_standing_before, monkeypatch)


@pytest.fixture
def faulty(softhsm: SoftHSM, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of a module that shows the tokens of ``softhsm`` and fails as ``faults`` plans."""
    return _standing_before(monkeypatch, softhsm.module)


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Plan faults of the module ``faulty``, or of one of ``failing``, counted from now on.

    ``faults("C_DestroyObject@2=0x31")``: the second deletion from now fails for want of memory.
    An empty plan ends them.
    """

    def plan(text: str) -> None:
        monkeypatch.setenv(FAULTS_VARIABLE, text)

    return plan


def _standing_before(monkeypatch: pytest.MonkeyPatch, module: Path) -> Path:
    """The path of the module that forwards to another, which it finds in the environment."""
    for name, value in environment(module).items():
        monkeypatch.setenv(name, value)
    return interposer()
