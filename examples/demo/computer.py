"""A computer of the story: a folder, what is configured there, and the commands that run on it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from lockwright.i18n import language
from pane import Window
from screen import FAINT, WHOLE, Column
from words import said

PROGRAMS = Path(sys.executable).parent
"""Those of this Python."""
_FOREIGN = ("XDG_", "LOCKWRIGHT_", "SOFTHSM2_", "LC_", "LANG", "COLUMNS", "LINES")


class Computer:
    """Runs commands in a home of its own, and shows them.

    Args:
        home: its folder, which is made; commands are shown behind its name.
        variables: further variables of its environment.
        programs: the folder with its programs.
    """

    def __init__(self, home: Path, variables: Mapping[str, str], programs: Path) -> None:
        self.home = home
        self._programs = programs
        self._configuration = home / ".config" / "lockwright" / "config.toml"
        self._configuration.parent.mkdir(parents=True)
        self.configure(f'[audit]\nfile = "{home}/audit.jsonl"\n')
        kept = {name: text for name, text in os.environ.items() if not name.startswith(_FOREIGN)}
        self._environment = kept | {
            "HOME": str(home),
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "LC_ALL": "ru_RU.UTF-8" if language() == "ru" else "C.UTF-8",
            "COLUMNS": str(WHOLE.width),
            **variables,
        }

    def configure(self, tables: str) -> None:
        """Add to lockwright's configuration, TOML."""
        with self._configuration.open("a", encoding="utf-8") as file:
            file.write(f"{tables}\n")

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
        return self._shown(line, self.command(line), expect, subprocess.STDOUT)

    def outside(self, line: str) -> None:
        """The same with a shell's line of other programs: their answer is shown, not their chatter.

        Raises:
            SystemExit: it fails.
        """
        self._shown(line, ["sh", "-euc", line], 0, subprocess.PIPE)

    def quietly(self, line: str) -> str:
        """Run a command that is not shown.

        Returns:
            The answer.

        Raises:
            SystemExit: it fails.
        """
        done = self._run(self.command(line), subprocess.STDOUT)
        if done.returncode:
            raise SystemExit(f"`{line}` ended with {done.returncode}:\n{done.stdout}")
        return done.stdout

    def window(self, line: str, column: Column = WHOLE) -> Window:
        """Show a command that asks, and start it."""
        if column is WHOLE:
            print()
        self._show(line, column)
        return Window(self.command(line), self.home, self._environment, column)

    def _show(self, line: str, column: Column) -> None:
        column.command(f"{self.home.name}$ ", line)

    def _shown(self, line: str, command: list[str], expect: int, stderr: int) -> str:
        print()
        self._show(line, WHOLE)
        done = self._run(command, stderr)
        for shown in done.stdout.rstrip().splitlines():
            print(f"{WHOLE.left}{shown}".rstrip(), flush=True)
        if done.returncode != expect:
            told = f"the command ended with {done.returncode}, not {expect}"
            raise SystemExit("\n".join(filter(None, (told, done.stderr))))
        if expect:
            as_told = said("exit code {code}, as it should be")[0].format(code=expect)
            WHOLE.write(f"({as_told})", FAINT)
        return done.stdout

    def _run(self, command: list[str], stderr: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603  # the story's own commands
            command,
            cwd=self.home,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            check=False,
        )

    def command(self, line: str) -> list[str]:
        """The words of a line, with the computer's own programs."""
        name, *arguments = shlex.split(line)
        ours = self._programs / name
        return [str(ours) if ours.exists() else name, *arguments]
