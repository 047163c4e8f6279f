"""News of an operation that takes several steps, for whoever shows how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from lockwright.records import dataclass


class StepState(StrEnum):
    """How a step stands."""

    BEGUN = "begun"
    """It begins now."""
    GOES_ON = "goes-on"
    """It goes on, and there is news of it: when a CA is asked again."""
    DONE = "done"
    """It ended as it should."""
    FAILED = "failed"
    """It ended with an error."""
    LEFT = "left"
    """It was left for another time: by the person, or since they wait no longer."""


@dataclass(frozen=True, slots=True)
class StepNotice:
    """News of one step. Each that begins ends, and none begins before the last one ended."""

    step: str
    """Its stable name, such as ``making``; an operation says which it has."""
    state: StepState
    """How it stands."""
    seconds: float
    """How long it has taken, by a clock that nobody sets."""
    until: datetime | None = None
    """While a CA is waited for: when it is asked again, UTC."""
    end: datetime | None = None
    """While a CA is waited for: when nobody waits any more, UTC."""


Tell = Callable[[StepNotice], None]
"""Is told of each step, in the thread in which the operation runs; what it raises ends that."""


def nobody(notice: StepNotice) -> None:
    """Nobody is told."""
    del notice
