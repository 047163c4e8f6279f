"""An installed program, to be run to its end: forked from a server, or started as a shell does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TextIO, TypedDict, Unpack

from lockwright_testkit.forking.client import ForkServer, Running

_FOLDERS = "PYTHONPATH"
_AT_START = {
    name: value for name, value in os.environ.items() if name == "PATH" or name.startswith("PYTHON")
}
"""What a server starts with; of this, Python itself reads a part once, when a process starts."""
_GRACE = 60
"""Seconds for a process that was killed to end."""

Done = subprocess.CompletedProcess[str]


class How(TypedDict):
    """Where and with what a program runs, where nobody can be asked."""

    environment: Mapping[str, str]
    """Its environment."""
    folder: Path
    """Where it runs."""
    stdin: str
    """What it reads."""
    pass_fds: Sequence[int]
    """Descriptors that it inherits."""
    timeout: float
    """Seconds until it is killed."""


@dataclass(frozen=True, slots=True)
class Executable:
    """A program that is installed beside the Python of this process."""

    name: str
    """Its name."""
    entry: str
    """The module with its ``main``."""
    late: tuple[str, ...] = ()
    """What it imports only in functions."""

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(sys.executable).with_name(self.name)

    def run(self, arguments: Sequence[str | Path], **how: Unpack[How]) -> Done:
        """Run it to its end, forked if it can be.

        Args:
            arguments: the command line without the program's name.
            how: where and with what it runs.
        """
        if not can_fork(how["environment"]):
            return self.run_anew(arguments, **how)
        with _text(how["stdin"]) as given, _text() as out, _text() as err:
            streams = {number: file.fileno() for number, file in enumerate((given, out, err))}
            running = self.start(
                arguments,
                environment=how["environment"],
                folder=how["folder"],
                descriptors=streams | {each: each for each in how["pass_fds"]},
            )
            try:
                code = running.wait(how["timeout"])
            except TimeoutError:
                running.send_signal(signal.SIGKILL)
                running.wait(_GRACE)
                raise subprocess.TimeoutExpired(self.name, how["timeout"]) from None
            return Done(self._command(arguments), code, _all_of(out), _all_of(err))

    def start(
        self,
        arguments: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        folder: Path,
        descriptors: Mapping[int, int],
        terminal: bool = False,
    ) -> Running:
        """Fork it; see ``ForkServer.start``."""
        return _server(self).start(
            self._command(arguments),
            environment=environment,
            folder=folder,
            descriptors=descriptors,
            terminal=terminal,
        )

    def run_anew(self, arguments: Sequence[str | Path], **how: Unpack[How]) -> Done:
        """Run it to its end as a shell does; see ``run``."""
        return subprocess.run(
            self._command(arguments),
            input=how["stdin"],
            env=how["environment"],
            cwd=how["folder"],
            pass_fds=how["pass_fds"],
            timeout=how["timeout"],
            capture_output=True,
            text=True,
            check=False,
        )

    def _command(self, arguments: Sequence[str | Path]) -> list[str]:
        return [str(each) for each in (self.path, *arguments)]


@cache
def _server(executable: Executable) -> ForkServer:
    """The one server of this process for a program."""
    return ForkServer(executable.entry, *executable.late, environment=_AT_START)


def can_fork(environment: Mapping[str, str]) -> bool:
    """Whether an environment says nothing to Python itself that a server was not told."""
    folders = environment.get(_FOLDERS, "").split(os.pathsep)
    return _of_python(environment) == _of_python(_AT_START) and not any(
        Path(folder, "sitecustomize.py").exists() for folder in filter(None, folders)
    )


def _of_python(environment: Mapping[str, str]) -> dict[str, str]:
    of_python = environment.items()
    return {
        name: value for name, value in of_python if name.startswith("PYTHON") and name != _FOLDERS
    }


def _text(content: str = "") -> TextIO:
    file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  # its user closes it
    file.write(content)
    file.seek(0)
    return file


def _all_of(file: TextIO) -> str:
    file.seek(0)
    return file.read()
