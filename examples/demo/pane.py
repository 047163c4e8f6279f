"""A program that asks, in a window of its own, and somebody who answers it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from lockwright.i18n import _
from lockwright_testkit.pseudo_terminal import CTRL_C, Screen
from screen import Column

_LINES = 50


class Window(AbstractContextManager["Window"]):
    """Shows a program in a column while it runs. At the end of the context it is closed.

    Args:
        command: the program and its arguments.
        folder: where it runs.
        environment: its environment.
        column: where it is shown.
    """

    def __init__(
        self, command: list[str], folder: Path, environment: Mapping[str, str], column: Column
    ) -> None:
        # A dumb terminal shows lines and no progress; its size has to be said twice then.
        size = {"TERM": "dumb", "COLUMNS": str(column.width), "LINES": str(_LINES)}
        self._screen = Screen.running(
            *command,
            environment={**environment, **size},
            folder=folder,
            size=(_LINES, column.width),
        )
        self._column = column
        self._seen = 0

    @property
    def text(self) -> str:
        """All that was shown."""
        return self._screen.everything.replace("\r", "")

    def until(self, words: str) -> None:
        """Wait until these words are shown, as lockwright has them in English."""
        self._screen.reads(re.compile(re.escape(_(words)), re.IGNORECASE))
        self._show()

    def until_found(self, pattern: str) -> str:
        """Wait until a line holds a pattern; the part of it that stands in parentheses."""
        match = self._screen.reads(re.compile(rf"{pattern}[^\n]*\n")).match
        self._show()
        return str(match[1])

    def answer(self, question: str, text: str) -> None:
        """Wait until the program asks, as lockwright words it in English, and type an answer."""
        self.until(question)
        self.enter(text)

    def enter(self, text: str) -> None:
        """Type a line."""
        self._screen.types(text)

    def end(self) -> None:
        """Wait until the program ends.

        Raises:
            SystemExit: it ends with an error.
        """
        code = self._screen.ends().code
        self._show(whole=True)
        if code:
            raise SystemExit(f"the command ended with {code}, not 0")

    def interrupt(self) -> None:
        """Type Ctrl-C, and wait until the program ends."""
        self._screen.presses(CTRL_C)
        self.end()

    def _show(self, *, whole: bool = False) -> None:
        """Show what is new, in whole lines: a question is shown together with its answer."""
        new = self.text[self._seen :]
        lines = new.splitlines(keepends=True) if whole else new.split("\n")[:-1]
        for line in lines:
            self._column.write(line.rstrip())
        self._seen += len(new) if whole else sum(len(line) + 1 for line in lines)

    def __exit__(self, *_exc: object) -> None:
        self._screen.close()
