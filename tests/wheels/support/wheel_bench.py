"""The Pythons of this computer, and environments in which wheels are tried."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from bundling.python import Python
from bundling.sources import REPOSITORY

SUPPORTED = (11, 12, 13)
HIDDEN = {
    *("PYTHONPATH", "PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"),
    *(
        "MAKEFLAGS",
        "MAKELEVEL",
        "MFLAGS",
        "MAKEOVERRIDES",
        "ARGS",
        "ADAPTERS",
        "DESK",
        "WINDOW",
        "PYTHON",
    ),
}
"""What a person's own shell does not have: these tests are run by make, which hands it on."""
TOOLS = REPOSITORY / "build" / "tools"


def pythons() -> dict[str, str]:
    """Each CPython that lockwright supports and this computer has; PYTHONS="..." chooses."""
    found: dict[str, str] = {}
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for minor in SUPPORTED:
        kept = sorted(root.glob(f"versions/3.{minor}.*/bin/python"))
        for program in (*map(str, kept), f"python3.{minor}"):
            if shutil.which(program) and _is(program, minor):
                found.setdefault(f"3.{minor}", program)
    wanted = os.environ.get("PYTHONS", "").split()
    if missing := [version for version in wanted if version not in found]:
        raise pytest.UsageError(f"PYTHONS: there is no {', '.join(missing)}; there are {found}")
    return {version: found[version] for version in wanted or found}


def _is(program: str, minor: int) -> bool:
    """Whether it runs, and is that Python; a shim of pyenv may lead nowhere."""
    ask = f"import ensurepip, sys, venv; sys.exit(sys.version_info[:2] != (3, {minor}))"
    return subprocess.run([program, "-c", ask], check=False, capture_output=True).returncode == 0


PYTHONS = pythons()
EVERY_PYTHON = pytest.mark.parametrize("python", PYTHONS, indirect=True)


@dataclass(frozen=True)
class Environment:
    """A virtual environment without pip."""

    folder: Path
    python: Python

    @property
    def program(self) -> Path:
        return self.folder / "bin" / "python"

    def pip(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run pip on it, without network."""
        command = (self.python.program, "-m", "pip", "--python", self.program, *arguments)
        return told(*command, environment={"PIP_NO_INDEX": "1"})

    def run(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program of it."""
        return told(self.folder / "bin" / program, *arguments)


def told(
    *command: str | Path, environment: dict[str, str] | None = None, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program, and have what it says."""
    given = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env=given | (environment or {}),
        stdin=subprocess.DEVNULL,
    )
