"""A question with a time limit: the time that is left is seen as a clock while the answer is typed.

On a terminal that rewrites its lines the clock goes on before the question. On another one, the end
is announced, and the question asked again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from lockwright.console.next_line import next_line, wait_for
from lockwright.console.secret_files import read_into
from lockwright.console.size import columns, is_dumb
from lockwright.console.terminal import Terminal
from lockwright.console.terminal_mode import quiet
from lockwright.console.typed_line import TypedLine
from lockwright.console.wrapping import cells
from lockwright.secret import Secret

_WARN_AT = 60.0
_WARN_AT_PART = 1 / 4
"""Seconds, or which part of a short time, before the end of which a person is warned."""
_CLEAR = "\r\x1b[K"


def warn_at(whole: float) -> float:
    """How many seconds before the end of a time a person is warned of it.

    Args:
        whole: seconds that there are at first.
    """
    return min(_WARN_AT, whole * _WARN_AT_PART)


class TimedQuestion:
    """Asks for a line, until the time is over.

    Args:
        terminal: where a person sits.
        question: what is asked.
        left: the seconds that are left.
        warning: what is said once before the end; ``{left}`` in it is the time.
    """

    def __init__(
        self, terminal: Terminal, question: str, left: Callable[[], float], warning: str
    ) -> None:
        self._terminal = terminal
        self._question = question
        self._left = left
        self._warning = warning
        self._warn_at = warn_at(left())
        self._warned = False
        self.elsewhere: int | None = None
        """A descriptor that can be read from once no answer is needed any more."""

    def line(self) -> Secret | None:
        """The next line; None if none will come. Whatever comes of it, the cursor is on a new line.

        Raises:
            TimeoutError: it did not come in time.
            Elsewhere: none is needed any more.
            KeyboardInterrupt: it was given up.
        """
        descriptor = sys.stdin.fileno()
        if self._terminal.there and not is_dumb() and sys.platform != "win32":
            return self._by_key(descriptor)
        ended = False
        try:
            line = self._by_line(descriptor)
            ended = line is not None and self._terminal.there
            return line
        finally:
            if not ended:
                self._write("\n")

    def _by_line(self, descriptor: int) -> Secret | None:
        while True:
            self._write(f"{self._question} ")
            warned = self._warned or not self._terminal.there
            try:
                wait = max(self._left() - self._warn_at * (not warned), 0)
                return next_line(descriptor, wait, self.elsewhere)
            except TimeoutError:
                if warned:
                    raise
                self._write("\n")
                self._warn()

    def _by_key(self, descriptor: int) -> Secret | None:
        with TypedLine() as typed:

            def show() -> None:
                asked = f"[{clock(self._left())}] {self._question} "
                room = columns(descriptor) - cells(asked) - 1
                self._write(f"\r{asked}{typed.end(room)}\x1b[K")

            try:
                with quiet(descriptor, show, by_key=True):
                    while not self._ends(descriptor, typed):
                        if not self._left():
                            raise TimeoutError
                        if self._left() <= self._warn_at and not self._warned:
                            self._write(_CLEAR)
                            self._warn()
                        show()
                    return typed.secret()
            except EOFError:
                return None
            finally:
                self._write("\n")

    def _ends(self, descriptor: int, typed: TypedLine) -> bool:
        """Take what is typed within this second of the clock; whether the line ended."""
        key = bytearray(1)
        wait = min(self._left() % 1, self._left())
        while self._is_typed(descriptor, wait):
            if not read_into(descriptor, key):
                raise EOFError
            if typed.takes(key[0]):
                return True
            wait = 0
        return False

    def _is_typed(self, descriptor: int, wait: float) -> bool:
        try:
            wait_for(descriptor, wait, self.elsewhere)
        except TimeoutError:
            return False
        return True

    def _warn(self) -> None:
        self._warned = True
        self._terminal.say(self._warning.format(left=clock(self._left())))

    def _write(self, text: str) -> None:
        if self._terminal.there:
            self._terminal.write(text)
        else:
            sys.stderr.write(text)
            sys.stderr.flush()


def clock(seconds: float) -> str:
    """A time that is left, in minutes and seconds."""
    minutes, rest = divmod(-int(-seconds // 1), 60)
    return f"{minutes}:{rest:02}"
