"""Commands as a person types them, run in this process, which costs a fraction of a program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from lockwright.cli.app import main
from lockwright.config import Config
from lockwright.runner import Runner

NEVER = ("Warning", "Traceback", ".py:", "internal", "site-packages", "Внутренняя")
"""What no command ever says: a library's warning, a source path, an internal error."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A command that came to its end."""

    command: Sequence[str]
    """Its arguments."""
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

    def shows(self, text: str) -> bool:
        """Whether a text is on the screen, wherever its lines were broken."""
        return squeezed(text) in squeezed(self.out + self.err)


class _Here(Runner):
    """A runner that gives modules no process of their own."""

    def __init__(self, config: Config | None = None, **options: Any) -> None:
        super().__init__(config, isolate=False, **options)


def squeezed(text: str) -> str:
    """A text without blanks and line breaks."""
    return "".join(text.split())


class Screen:
    """A terminal that is as wide as need be.

    Args:
        monkeypatch: gives modules no process of their own.
        capsys: takes what is written.
        options: options of every command.
    """

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        options: Sequence[str],
    ) -> None:
        monkeypatch.setattr("lockwright.cli.invocation.Runner", _Here)
        monkeypatch.setenv("COLUMNS", "240")
        self._capsys = capsys
        self._options = options

    def run(self, *command: str, code: int = 0) -> Shown:
        """Run a command, and see that it ends as it should and says nothing that it never may.

        Args:
            command: the command line without the program's name.
            code: the exit code that is right.
        """
        self._capsys.readouterr()
        ended = main([*command, *self._options])
        shown = Shown(command, ended, *self._capsys.readouterr())
        assert ended == code, shown
        assert not [word for word in NEVER if word in shown.out + shown.err], shown
        if "--json" in command:
            assert isinstance(shown.document, dict)
        return shown
