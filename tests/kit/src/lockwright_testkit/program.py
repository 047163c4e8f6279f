"""Runs the command line as a person or a script does, for tests of lockwright and of plugins."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_OUTSIDE = ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "COLUMNS", "NO_COLOR", "FORCE_COLOR")
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that came to its end."""

    code: int
    """Its exit code."""
    out: str
    """What it wrote to stdout."""
    err: str
    """What it wrote to stderr."""

    @property
    def document(self) -> Any:
        """The JSON document on stdout."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The error in the JSON document on stdout."""
        return self.document["error"]


class Program:
    """The installed program with a home of its own.

    Args:
        home: a folder for its configuration, its audit file and its PINs.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.audit = home / "state" / "lockwright" / "audit.jsonl"
        self.path = Path(sys.executable).with_name("lockwright")

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment, without what would change the program's answers."""
        kept = {name: value for name, value in os.environ.items() if name not in _OUTSIDE}
        return kept | {
            "XDG_STATE_HOME": str(self.home / "state"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "LANG": "C.UTF-8",
        }

    def run(
        self,
        *arguments: str | Path,
        stdin: str | None = None,
        environment: Mapping[str, str] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> Ended:
        """Run a command to its end, where nobody can be asked.

        Args:
            arguments: the command line without the program's name.
            stdin: what it reads; None for nothing.
            environment: variables beside those of ``environment``.
            pass_fds: descriptors it inherits.
        """
        done = subprocess.run(
            [self.path, *arguments],
            input=stdin or "",
            env=self.environment | dict(environment or {}),
            pass_fds=pass_fds,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=_LONGEST,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def secret(self, name: str, value: str, *, mode: int = 0o600) -> Path:
        """Write a PIN to a file.

        Args:
            name: name of the file.
            value: the PIN.
            mode: who may read it.
        """
        path = self.home / name
        path.write_text(value)
        path.chmod(mode)
        return path
