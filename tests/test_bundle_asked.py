"""What `make bundle` is asked for: refused at once, by its name, where it is not there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[1] / "tools" / "bundle.py"
NO_NAMES = ("jacarta==9", "jacarta@file:///etc", "jacarta; python_version < '3'", "../jacarta", "")


UNKNOWN = {
    ("jacarta[nope]",): "lockwright-jacarta has no extra nope; it has none",
    ("softhsm", "softhsm[pykcs11,nope]"): "lockwright-softhsm has no extra nope; there are pykcs11",
    ("--desk", "oracle"): "lockwright-desk has no extra oracle; there are oidc, postgresql",
    ("acme",): "there is no lockwright-acme; there are lockwright,",
}


def test_an_adapter_is_asked_for_by_its_name_alone(tmp_path: Path) -> None:
    for given in NO_NAMES:
        done = bundle(tmp_path / "bundles", "softhsm", given)
        assert (done.returncode, done.stderr) == (1, f"bundle: {given} is no name of an adapter\n")
    assert not (tmp_path / "bundles").exists()


@pytest.mark.parametrize("asked", UNKNOWN)
def test_what_the_commit_has_not_is_refused_by_name(asked: tuple[str, ...], tmp_path: Path) -> None:
    done = bundle(tmp_path / "bundles", *asked)
    assert (done.returncode, UNKNOWN[asked] in done.stderr) == (1, True), done.stderr
    assert not (tmp_path / "bundles").exists()


def bundle(into: Path, *asked: str) -> subprocess.CompletedProcess[str]:
    """Do what `make bundle` does."""
    command: list[str | Path] = [sys.executable, TOOL, "--into", into, *asked]
    return subprocess.run(command, check=False, capture_output=True, text=True)
