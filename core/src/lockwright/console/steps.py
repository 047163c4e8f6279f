"""The steps of something long: each is seen while it is taken, and leaves a line with its time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum

from lockwright.console.durations import took
from lockwright.console.progress import Display
from lockwright.i18n import N_, _


class End(Enum):
    """How a step ends, and the line that it leaves."""

    DONE = "{step}: {time}"
    FAILED = N_("{step}: failed after {time}")
    LEFT = N_("{step}: stopped after {time}")
    """Nothing failed: a person ended it, or there is no more time to wait."""


class Steps:
    """Shows steps, one after the other.

    Args:
        on: shows the one that is taken.
        leaves: writes a line that stays.
    """

    def __init__(self, on: Display, leaves: Callable[[str], None]) -> None:
        self._on = on
        self._leaves = leaves
        self._what = ""
        self._begun = 0.0

    def begins(self, what: str, more: str = "", *, slow: bool = False) -> None:
        """A step begins; see ``Display.show``."""
        self._what, self._begun = what, time.monotonic()
        self._on.show(what, more, slow=slow)

    def goes_on(self, more: str) -> None:
        """There is something else to know about it, such as how many are done."""
        self._on.change(more)

    def ends(self, how: End = End.DONE) -> None:
        """It has ended."""
        time_taken = took(time.monotonic() - self._begun)
        self._on.hide()
        self._leaves(_(how.value).format(step=self._what, time=time_taken))

    @contextmanager
    def step(self, what: str, more: str = "", *, slow: bool = False) -> Iterator[None]:
        """The block is one step, which ends as the block does."""
        self.begins(what, more, slow=slow)
        try:
            yield
        except BaseException as error:
            self.ends(End.FAILED if isinstance(error, Exception) else End.LEFT)
            raise
        self.ends()
