"""The builds of lockwright that are measured, and how they and other programs are run."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lockwright.bindings import BINDINGS
from lockwright_testkit.sim import USER_PIN, Simulator

ROOT = Path(__file__).parents[3]
_LONGEST = 600
_OUTSIDE = ("LC_", "LANG", "COLUMNS", "NO_COLOR", "FORCE_COLOR", "LOCKWRIGHT", "PYTHON")
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "COLUMNS": "200"}


@dataclass(frozen=True)
class Ended:
    """A program that came to its end."""

    seconds: float
    """From its start to its end."""
    out: str
    """What it wrote to stdout."""


def run(command: Sequence[str | Path], environment: Mapping[str, str]) -> Ended:
    """Run a program to its end.

    Args:
        command: its command line.
        environment: variables beside the usual ones.

    Raises:
        RuntimeError: it failed, so its time says nothing.
    """
    kept = {name: each for name, each in os.environ.items() if not name.startswith(_OUTSIDE)}
    begun = time.perf_counter()
    done = subprocess.run(
        command,
        env={**kept, **_ENVIRONMENT, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=_LONGEST,
    )
    seconds = time.perf_counter() - begun
    out, err = (each.decode(errors="replace") for each in (done.stdout, done.stderr))
    if done.returncode:
        words = " ".join(map(str, command))
        raise RuntimeError(f"{words} ended with {done.returncode}:\n{out}{err}")
    return Ended(seconds, out)


@dataclass(frozen=True)
class Build:
    """A revision that is installed in a ``.venv`` of its own."""

    name: str
    """``now``, or ``before`` for an earlier one."""
    root: Path
    """Its sources."""

    @property
    def program(self) -> Path:
        """Its ``lockwright``."""
        return self.root / ".venv" / "bin" / "lockwright"

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.root / ".venv" / "bin" / "python"


@dataclass(frozen=True)
class Seat:
    """A person's computer with one build, which uses one binding."""

    build: Build
    binding: str
    folder: Path
    """A folder for its configuration, what it writes, and the PIN."""

    @classmethod
    def made(cls, build: Build, binding: str, folder: Path, more: str = "") -> Seat:
        """A new one.

        Args:
            build: the build.
            binding: the binding.
            folder: the parent of its folder.
            more: text of the configuration beside the binding.
        """
        seat = cls(build, binding, folder / f"{build.name}-{binding}")
        seat.folder.mkdir(parents=True)
        text = f'[adapters.softhsm]\nbinding = "{binding}"\n{more}'
        seat.config.write_text(text)
        seat.secret("pin", USER_PIN)
        return seat

    @property
    def who(self) -> str:
        """Its column in the tables."""
        return who(self.build, self.binding)

    @property
    def config(self) -> Path:
        """Its configuration."""
        return self.folder / "config.toml"

    def secret(self, name: str, value: str) -> Path:
        """Write a secret to a file of that name."""
        file = self.folder / name
        file.touch(0o600)
        file.write_text(value)
        return file

    def command(self, module: Path, *words: str | Path) -> list[str | Path]:
        """A command line of lockwright."""
        return [self.build.program, *words, "--module", module, "--config", self.config]

    @property
    def environment(self) -> dict[str, str]:
        """What keeps its state apart."""
        return {"XDG_STATE_HOME": str(self.folder / "state")}

    def run(self, device: Simulator, *words: str | Path) -> Ended:
        """Run a command of lockwright on a simulated token."""
        command = self.command(device.module, *words)
        return run(command, self.environment | device.environment)

    @property
    def login(self) -> tuple[str | Path, ...]:
        """The options that log it in."""
        return ("--pin-file", self.folder / "pin")


def seats(builds: Sequence[Build], folder: Path, more: str = "") -> list[Seat]:
    """A seat for each build and binding; the builds of a binding follow each other.

    Args:
        builds: the builds.
        folder: an empty folder.
        more: text of the configuration beside the binding.
    """
    return [Seat.made(build, each, folder, more) for each in BINDINGS for build in builds]


def who(build: Build, binding: str = "") -> str:
    """What a build, maybe over one binding, is called in figures: ``now/pykcs11``."""
    return f"{build.name}/{binding}" if binding else build.name
