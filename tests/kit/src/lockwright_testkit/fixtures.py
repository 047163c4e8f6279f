"""pytest fixtures for authors of adapters; pytest finds them by the kit's entry point."""

from __future__ import annotations

from collections.abc import Callable
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
def faulty(softhsm: SoftHSM, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of a module that shows the tokens of ``softhsm`` and fails as ``faults`` plans."""
    for name, value in environment(softhsm.module).items():
        monkeypatch.setenv(name, value)
    return interposer()


@pytest.fixture
def faults(faulty: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Plan faults of the module ``faulty``, counted from now on; an empty plan ends them.

    ``faults("C_DestroyObject@2=0x31")``: the second deletion from now fails for want of memory.
    """

    def plan(text: str) -> None:
        monkeypatch.setenv(FAULTS_VARIABLE, text)

    return plan
