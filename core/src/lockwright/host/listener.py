"""Hears a child out: the answer to the question that was asked, and not one frame more."""

from __future__ import annotations

import io
import os
import threading

from lockwright.host import wire
from lockwright.host.codec import WireError
from lockwright.host.signs import Life

_NUMBER = 8
"""Bytes of a question's number."""


class Listener:
    """Reads answers as they come, in a thread of its own, which can be waited for with a deadline.

    A question's number is drawn, so an answer that was prepared before the question cannot bear it.
    A frame that nobody asked for, or a second answer, is the last thing that is read. At most one
    answer is kept, and what it holds is not looked at here. Signs of life (``signs``) come before.

    Args:
        answers: the child's end; only this thread closes it: if another did, this one could be
            about to read, and would read from the next child's pipe, which gets the same number.
    """

    def __init__(self, answers: io.FileIO) -> None:
        self._changed = threading.Condition()
        self._expected: int | None = None
        self._answer: wire.Frame | None = None
        self._end: Exception | None = None
        self.life = Life()
        """What was heard since the last question."""
        threading.Thread(target=self._listen, args=(answers,), daemon=True).start()

    @property
    def end(self) -> Exception | None:
        """Why no more will come; None while something may."""
        with self._changed:
            return self._end

    def expect(self) -> int:
        """Let one answer come; its number."""
        with self._changed:
            self._expected = int.from_bytes(os.urandom(_NUMBER))
            self.life = Life()
            return self._expected

    @property
    def expected(self) -> int | None:
        """The number of the answer that is still to come."""
        with self._changed:
            return self._expected

    def wait(self, seconds: float) -> wire.Frame | None:
        """The answer, if it comes within a time."""
        with self._changed:
            self._changed.wait_for(lambda: self._answer or self._end, seconds)
            answer, self._answer = self._answer, None
            return answer

    def wait_for_end(self, seconds: float) -> bool:
        """Whether the child's end is closed within a time."""
        with self._changed:
            return bool(self._changed.wait_for(lambda: self._end, seconds))

    def _listen(self, answers: io.FileIO) -> None:
        with answers:
            try:
                while True:
                    self._take(wire.receive(answers, self._is_welcome))
            except (EOFError, OSError, ValueError, WireError) as error:
                self._close(error)

    def _is_welcome(self, kind: int, number: int) -> bool:
        with self._changed:
            return kind in {*wire.ANSWERS, wire.Kind.SIGN} and number == self._expected

    def _take(self, frame: wire.Frame) -> None:
        with self._changed:
            if frame.kind == wire.Kind.SIGN:
                if frame.number == self._expected:  # or it is of a question that was given up
                    self.life.hears(frame.packed.body)
            else:
                self._expected, self._answer = None, frame
                self._changed.notify_all()

    def _close(self, error: Exception) -> None:
        with self._changed:
            self._end = error
            self._changed.notify_all()
