"""A module of this system, and the one that stands before it and fails when it is told to."""

from __future__ import annotations

from pathlib import Path

import pytest
from lockwright_testkit.interposer import FAULTS_VARIABLE, environment, interposer


def modules_named(name: str) -> tuple[Path, ...]:
    """Where a module lies on this system, the first one preferred."""
    folders = ("usr/lib/*/pkcs11", "usr/lib64/pkcs11", "usr/lib/pkcs11")
    return tuple(place for folder in folders for place in Path("/").glob(f"{folder}/{name}"))


class Fault:
    """Faults of a real module.

    Args:
        monkeypatch: sets what the interposer reads from the environment.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def stands_before(self, module: Path) -> Path:
        """The module to load in its place."""
        for name, value in environment(module).items():
            self._monkeypatch.setenv(name, value)
        return interposer()

    def plan(self, text: str) -> None:
        """Plan faults, counted from now on; an empty plan ends them."""
        self._monkeypatch.setenv(FAULTS_VARIABLE, text)
