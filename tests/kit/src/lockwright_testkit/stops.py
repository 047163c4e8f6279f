"""Operations whose module hangs in one of its calls, and another thread that stops them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

from lockwright.errors import LockwrightError
from lockwright.host import process

from lockwright_testkit.sim.simulator import Simulator
from lockwright_testkit.waiting import until

GRACE = 0.1
"""Seconds that a module gets here to come to an end; one that hangs needs none."""
_LONGEST = 60.0


def hurry(setattr_: Callable[[object, str, object], None]) -> None:
    """Have a child that hangs killed soon.

    Args:
        setattr_: changes a constant until the end of the test.
    """
    setattr_(process, "_PARTING", GRACE)


def calls_of(device: Simulator, work: Callable[[], object]) -> list[tuple[str, int]]:
    """Each call of the module that some work makes, as its name and which of that name it is."""
    device.zero_counts()
    work()
    return [(name, n) for name, most in device.counts().items() for n in range(1, most + 1)]


def stopped_in(
    device: Simulator, call: tuple[str, int], work: Callable[[], object], stop: Callable[[], None]
) -> LockwrightError | None:
    """Do some work whose module hangs in a call, and stop it there.

    Args:
        device: the token.
        call: the call, as ``calls_of`` has it.
        work: the work.
        stop: stops it.

    Returns:
        How it ended; None if it ended as if nothing had happened.

    Raises:
        AssertionError: it did not end, never came there, or left its child behind.
    """
    name, number = call
    before = device.counts().get(name, 0)
    device.fault(f"{name}@{number}=hang")
    ended: list[LockwrightError | None] = []
    thread = threading.Thread(target=_done, args=(work, ended))
    thread.start()
    until(lambda: bool(ended) or device.counts().get(name, 0) >= before + number)
    hung = children()
    stop()
    thread.join(_LONGEST)
    device.clear_faults()
    if thread.is_alive() or not ended:
        raise AssertionError(f"{call}: it goes on")
    if not hung - children():
        raise AssertionError(f"{call}: its child is still there")
    return ended[0]


def children() -> set[int]:
    """Children of this process; Linux only."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {int(each) for task in tasks for each in _read(task).split()}


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:  # a thread that has ended
        return ""


def _done(work: Callable[[], object], ended: list[LockwrightError | None]) -> None:
    try:
        work()
    except LockwrightError as error:
        ended.append(error)
    else:
        ended.append(None)
