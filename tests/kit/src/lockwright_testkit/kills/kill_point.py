"""The end of a job's process at a moment of some work."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn


def at(moment: str, work: Callable[..., object], *given: object, **named: object) -> NoReturn:
    """Kill this process before some work, after its draft is written, or after it.

    Args:
        moment: see ``cases.Moment``.
        work: the work.
        given: its arguments.
        named: its named arguments.
    """
    if moment == "before":
        now()
    if moment == "draft":
        Path.replace = now  # type: ignore[assignment, method-assign]  # the end of this process
    work(*given, **named)
    now()


def now(*_whatever: object) -> NoReturn:
    """Kill this process."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("a process does not outlive SIGKILL")
