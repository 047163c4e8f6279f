"""Children that are there before anybody asks: copies of the program, made at its start.

Most of a child's start is what Python imports, and the program imports the same. On Linux the
program forks once it has, before it reads a file or asks a question, and both go on side by side.
The copy has the command line and the environment, as any child, and no more. Where there is none, a
child is started when it is needed. See ADR 0033.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from contextlib import suppress

from lockwright.host import ending
from lockwright.host.forked import Forked

_ready: list[Forked] = []


def start(number: int, *, verbose: bool) -> None:
    """Make children ready; to be called before anything is read that a module must not see.

    Args:
        number: how many, one for each module.
        verbose: whether what its module writes to stderr is shown.
    """
    # In a copy, a lock that another thread holds is never opened again; and libraries of other
    # systems than Linux do not bear to be in one.
    if sys.platform == "linux" and threading.active_count() == 1:
        from lockwright import adapter  # noqa: PLC0415  # what any adapter imports, and no adapter
        from lockwright.host import child  # noqa: PLC0415  # only who forks needs it here

        del adapter
        gc.freeze()  # the pages of what is there by now stay the same in both
        with suppress(OSError):  # whoever needs one is told
            _ready.extend(Forked(child.serve_until, heard=verbose) for _ in range(number))


def take(*, verbose: bool) -> Forked | None:
    """A child that is ready; None if a new one must be started.

    Args:
        verbose: whether what its module writes to stderr is shown.
    """
    while _ready:
        found = _ready.pop()
        if (found.stderr is not None) is verbose and found.poll() is None:
            return found
        _end(found)
    return None


def give_up() -> None:
    """End those that nobody asked for."""
    while _ready:
        _end(_ready.pop())


def _end(spare: Forked) -> None:
    spare.kill()
    os.close(spare.lifeline)
    for pipe in (spare.stdin, spare.stdout, spare.stderr):
        if pipe is not None:
            pipe.close()
    ending.reap(spare)
