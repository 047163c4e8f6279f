"""A computer of the story: a folder, what is configured there, and the commands that run on it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from screen import FAINT, WHOLE, Column
from window import Window

_PROGRAMS = Path(sys.executable).parent
_FOREIGN = ("XDG_", "LOCKWRIGHT_", "SOFTHSM2_", "LC_", "LANG", "COLUMNS", "LINES")


class Computer:
    """Runs commands in a home of its own, and shows them.

    Args:
        home: its folder, which is made.
        language: ``en`` or ``ru``.
        configuration: lockwright's, TOML.
        variables: further variables of its environment.
    """

    def __init__(
        self, home: Path, language: str, configuration: str, variables: Mapping[str, str]
    ) -> None:
        self.home = home
        file = home / ".config" / "lockwright" / "config.toml"
        file.parent.mkdir(parents=True)
        file.write_text(f'[audit]\nfile = "{home}/audit.jsonl"\n\n{configuration}')
        kept = {name: text for name, text in os.environ.items() if not name.startswith(_FOREIGN)}
        self._environment = kept | {
            "HOME": str(home),
            "PATH": f"{_PROGRAMS}{os.pathsep}{os.environ['PATH']}",
            "LC_ALL": "ru_RU.UTF-8" if language == "ru" else "C.UTF-8",
            "COLUMNS": str(WHOLE.width),
            **variables,
        }

    def secret(self, name: str, value: str) -> None:
        """Write a secret to a file that only its owner can read."""
        descriptor = os.open(self.home / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(value)

    def run(self, line: str, *, expect: int = 0) -> str:
        """Show a command, run it, show its answer.

        Returns:
            The answer.

        Raises:
            SystemExit: it ends otherwise than expected.
        """
        return self._shown(line, expect, stderr=subprocess.STDOUT)

    def outside(self, line: str) -> str:
        """The same with a command that is not ours: only its answer is shown, not its chatter."""
        return self._shown(line, 0, stderr=subprocess.DEVNULL)

    def quietly(self, line: str) -> None:
        """Run a command that belongs to the preparations.

        Raises:
            SystemExit: it fails.
        """
        done = self._run(line, subprocess.STDOUT)
        if done.returncode:
            raise SystemExit(f"`{line}` ended with {done.returncode}:\n{done.stdout}")

    def window(self, line: str, column: Column = WHOLE) -> Window:
        """Show a command that asks, and start it."""
        if column is WHOLE:
            print()
        column.command(line)
        return Window(self.command(line), self.home, self._environment, column)

    def _shown(self, line: str, expect: int, stderr: int) -> str:
        print()
        WHOLE.command(line)
        done = self._run(line, stderr)
        for shown in done.stdout.rstrip().splitlines():
            print(f"{WHOLE.left}{shown}".rstrip(), flush=True)
        if done.returncode != expect:
            raise SystemExit(f"the command ended with {done.returncode}, not {expect}")
        if expect:
            WHOLE.write(f"(exit code {expect}, as it should be)", FAINT)
        return done.stdout

    def _run(self, line: str, stderr: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603  # the story's own commands
            self.command(line),
            cwd=self.home,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            check=False,
        )

    @staticmethod
    def command(line: str) -> list[str]:
        """The words of a line, with the programs of this very Python."""
        name, *arguments = shlex.split(line)
        ours = _PROGRAMS / name
        return [str(ours) if ours.exists() else name, *arguments]
