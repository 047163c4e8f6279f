"""Runs the command line as a person or a script does, for tests of lockwright and of plugins."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lockwright_testkit.forking.executable import Executable, can_fork

_OUTSIDE = ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "COLUMNS", "NO_COLOR", "FORCE_COLOR")
_LONGEST = 100
EXECUTABLE = Executable(
    "lockwright", "lockwright.cli.start", late=("platformdirs", "rfc8785", "structlog")
)


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
        forks: whether ``run`` forks a process that has imported the program, which costs a
            fraction; no for who looks at the process itself, as ``ps`` does.
    """

    def __init__(self, home: Path, *, forks: bool = True) -> None:
        self.home = home
        self.audit = home / "state" / "lockwright" / "audit.jsonl"
        self.path = EXECUTABLE.path
        self._forks = forks

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment, without what would change the program's answers."""
        kept = {name: value for name, value in os.environ.items() if name not in _OUTSIDE}
        return kept | {
            "XDG_STATE_HOME": str(self.home / "state"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "LANG": "C.UTF-8",
        }

    def forks_with(self, environment: Mapping[str, str]) -> bool:
        """Whether it is forked, given an environment."""
        return self._forks and can_fork(environment)

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
        changed = self.environment | dict(environment or {})
        run = EXECUTABLE.run if self.forks_with(changed) else EXECUTABLE.run_anew
        done = run(
            arguments,
            environment=changed,
            folder=self.home,
            stdin=stdin or "",
            pass_fds=pass_fds,
            timeout=_LONGEST,
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
