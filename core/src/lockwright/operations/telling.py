"""The steps of an operation are told one after the other, each with the time that it took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from lockwright.errors import EnrolmentWaits, Interrupted
from lockwright.models.steps import StepNotice, StepState, Tell

_FOR_LATER = (KeyboardInterrupt, Interrupted, EnrolmentWaits)
"""What ends a step early without anything having failed."""


class Teller:
    """Tells of steps; where one begins, the one before it has ended.

    Args:
        tell: is told.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._begun = 0.0
        self.step: str | None = None
        """The step that is taken now."""

    def begins(
        self,
        step: str,
        *,
        before: StepState = StepState.DONE,
        until: datetime | None = None,
        end: datetime | None = None,
    ) -> None:
        """A step begins; the one that is taken already goes on, and there is news of it.

        Args:
            step: its name.
            before: how another one, if one is taken now, has ended.
            until: see ``StepNotice``.
            end: see ``StepNotice``.
        """
        goes_on = self.step == step
        if not goes_on:
            self.ends(before)
            self.step, self._begun = step, time.monotonic()
        state = StepState.GOES_ON if goes_on else StepState.BEGUN
        self._tell(StepNotice(step, state, self._seconds, until, end))

    def ends(self, how: StepState = StepState.DONE) -> None:
        """The step that is taken now, if any, has ended."""
        step, self.step = self.step, None
        if step is not None:
            self._tell(StepNotice(step, how, self._seconds))

    @contextmanager
    def whole(self) -> Iterator[None]:
        """The block is the operation: its last step ends with it, and as it does."""
        try:
            yield
        except BaseException as error:
            self.ends(StepState.LEFT if isinstance(error, _FOR_LATER) else StepState.FAILED)
            raise
        self.ends()

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._begun
