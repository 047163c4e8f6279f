"""Questions to a person at a terminal; PINs are read without echo, straight into a ``Secret``."""

from __future__ import annotations

import getpass
import os
import sys

from lockwright.console.secret_files import read_into
from lockwright.console.size import columns
from lockwright.console.terminal_mode import quiet
from lockwright.console.wrapping import wrap
from lockwright.errors import NOTHING, Interrupted
from lockwright.i18n import _
from lockwright.secret import Secret

_LONGEST_LINE = 4096
_NARROWEST = 20
_HANGING = 4
"""Cells by which the second line of a paragraph is set in."""
_YES = frozenset({"y", "yes", "д", "да"})


class Terminal:
    """The terminal of this process: answers come from stdin, questions go to stderr."""

    @property
    def there(self) -> bool:
        """Whether somebody can be asked."""
        return sys.stdin is not None and sys.stdin.isatty()

    def say(self, text: str) -> None:
        """Show a line, wrapped between words where it is longer than the terminal."""
        self.write(f"{self._wrapped(text)}\n")

    def tell(self, text: str) -> None:
        """Show a line that asks nothing, also where nobody can be asked."""
        if self.there or sys.stderr.isatty():
            self.say(text)
        else:
            sys.stderr.write(f"{text}\n")

    def secret(self, question: str) -> Secret:
        """Ask for a secret until something is entered.

        Raises:
            Interrupted: the person ended it.
        """
        while True:
            entered = self._hidden(f"{question}: ")
            if entered:
                return entered
            self.say(_("Nothing was entered; Ctrl-C ends."))

    def line(self, question: str) -> str:
        """Ask for a line of text.

        Raises:
            Interrupted: the person ended it.
        """
        self.write(f"{self._wrapped(question)} ")
        try:
            return _read_line(sys.stdin.fileno()).decode(errors="replace").strip()
        except Interrupted:
            self.write("\n")
            raise

    def agrees(self, question: str) -> bool:
        """Ask a question that only a clear yes answers with yes.

        Raises:
            Interrupted: the person ended it.
        """
        return self.line(_("{question} [y/N]").format(question=question)).lower() in _YES

    def _wrapped(self, text: str) -> str:
        width = max(columns(sys.stdin.fileno()) - 1, _NARROWEST)
        return "\n".join(wrap(text, width, _HANGING))

    def write(self, text: str) -> None:
        """To stderr; to the terminal itself where stderr goes elsewhere."""
        if sys.stderr.isatty():
            sys.stderr.write(text)
            sys.stderr.flush()
        else:
            os.write(sys.stdin.fileno(), text.encode())

    def _hidden(self, question: str) -> Secret:
        if sys.platform == "win32":
            return Secret(getpass.getpass(question, stream=sys.stderr))
        descriptor = sys.stdin.fileno()
        with quiet(descriptor, lambda: self.write(question)):
            try:
                line = _read_line(descriptor)
            finally:
                self.write("\n")
        secret = Secret(line)
        line[:] = bytes(len(line))
        return secret


def _read_line(descriptor: int) -> bytearray:
    """A line without its end, read around Python's own buffers, which nobody wipes."""
    line = bytearray()
    chunk = bytearray(_LONGEST_LINE)
    try:
        while not line.endswith(b"\n"):
            size = read_into(descriptor, chunk)
            if size == 0:
                raise Interrupted(cost=NOTHING)
            line += memoryview(chunk)[:size]
    except KeyboardInterrupt:
        raise Interrupted(cost=NOTHING) from None
    finally:
        chunk[:] = bytes(len(chunk))
    del line[-1:]
    return line
