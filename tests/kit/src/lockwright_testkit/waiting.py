"""Waiting for what comes by itself, and which processes there are (proc(5))."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

_TICK = 0.005


def until(found: Callable[[], T | None], *, seconds: float = 60) -> T:
    """Look again and again, until a look finds something.

    Args:
        found: looks; what is true is found.
        seconds: how long something that is sure to come may take on a busy machine.

    Returns:
        What was found.

    Raises:
        AssertionError: it did not come.
    """
    end = time.monotonic() + seconds
    while not (seen := found()):
        if time.monotonic() > end:
            raise AssertionError(f"it did not come within {seconds} s")
        time.sleep(_TICK)
    return seen


def runs(pid: int) -> bool:
    """Whether a process runs; one that is dead and only waits to be counted does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def children_of(pid: int | None = None) -> set[int]:
    """The processes that a process has started, and those have, as far as they run.

    Args:
        pid: its number; None for this one.
    """
    children: dict[int, list[int]] = {}
    for each in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (each / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:  # it has ended
            continue
        if state != "Z":
            children.setdefault(int(parent), []).append(int(each.name))
    found, left = set(), [os.getpid() if pid is None else pid]
    while left:
        more = children.get(left.pop(), [])
        found |= set(more)
        left += more
    return found


def listens(place: Path) -> bool:
    """Whether a server takes connections at a socket of the file system."""
    with closing(socket.socket(socket.AF_UNIX)) as asking:
        return asking.connect_ex(str(place)) == 0
