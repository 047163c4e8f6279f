"""A program that asks, on a terminal of its own, and somebody who answers it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pexpect
from lockwright.i18n import _
from screen import Column

_LONGEST = 60
_LINES = 50


class Terminal:
    """Shows a program in a column while it runs.

    Args:
        command: the program and its arguments.
        folder: where it runs.
        environment: its environment.
        column: where it is shown.
    """

    def __init__(
        self, command: list[str], folder: Path, environment: Mapping[str, str], column: Column
    ) -> None:
        self._name = Path(command[0]).name
        self._column = column
        self._unfinished = ""
        self.shown = ""
        size = {"TERM": "dumb", "COLUMNS": str(column.width), "LINES": str(_LINES)}
        self._child = pexpect.spawn(
            command[0],
            command[1:],
            cwd=str(folder),
            env={**environment, **size},
            encoding="utf-8",
            timeout=_LONGEST,
            dimensions=(_LINES, column.width),
        )

    def until(self, question: str) -> None:
        """Wait until the program asks.

        Args:
            question: what it asks, as lockwright words it in English.

        Raises:
            SystemExit: it does not ask this.
        """
        self.wait(rf"(?i){re.escape(_(question))}(:| \[[^]]*\])? ")

    def answer(self, question: str, text: str) -> None:
        """Wait until the program asks, and type an answer."""
        self.until(question)
        self.enter(text)

    def enter(self, text: str) -> None:
        """Type a line."""
        self._child.sendline(text)

    def wait(self, pattern: str | type[pexpect.EOF]) -> None:
        """Wait for something, and show what the program shows until then.

        Raises:
            SystemExit: it does not come.
        """
        came = self._child.expect([*dict.fromkeys((pattern, pexpect.EOF, pexpect.TIMEOUT))])
        shown = self._child.before, "" if came else self._child.after
        self._show("".join(text for text in shown if isinstance(text, str)))
        if came:
            self._show("\n" * bool(self._unfinished))
            raise SystemExit(f"{self._name} ended or hangs before it showed: {pattern}")

    def interrupt(self) -> None:
        """Type Ctrl-C."""
        self._child.sendintr()

    def end(self, *, expect: int = 0) -> None:
        """Wait until the program ends.

        Raises:
            SystemExit: it ends otherwise than expected.
        """
        self.wait(pexpect.EOF)
        self._show("\n" * bool(self._unfinished))
        self._child.close()
        if self._child.exitstatus != expect:
            raise SystemExit(f"{self._name} ended with {self._child.exitstatus}, not {expect}")

    def close(self) -> None:
        """End the program if it still runs."""
        with suppress(pexpect.ExceptionPexpect, OSError):
            self._child.close(force=True)

    def _show(self, text: str) -> None:
        """Show whole lines; a question is shown together with its answer."""
        plain = text.replace("\r", "")
        self.shown += plain
        *lines, self._unfinished = (self._unfinished + plain).split("\n")
        for line in lines:
            self._column.write(line.rstrip())


def found(pattern: str, text: str) -> str:
    """The part of a pattern that stands in parentheses, in what a program showed.

    Raises:
        SystemExit: it did not show it.
    """
    match = re.search(pattern, text, re.MULTILINE)
    if match is None:
        raise SystemExit(f"nothing like {pattern} was shown:\n{text}")
    return match[1]
