"""What a child does to itself: it leaves no core dump with PINs, and dies with its parent.

So does what it started.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress

_PR_SET_DUMPABLE = 4


def forbid_dumps() -> None:
    """No core file, and on Linux no other process of the user may read this one's memory."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # POSIX only

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def hear_of_children() -> None:
    """Let this process learn how those end that it starts.

    A program may ignore SIGCHLD so that it has none to wait for, and what it starts inherits that:
    then nobody can say how a copy has ended, nor can a module's own ``system``.
    """
    if sys.platform != "win32":
        import signal  # noqa: PLC0415  # POSIX only

        signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def die_with(lifeline: int) -> None:
    """Have the kernel end this process, and its group, when the other end of a pipe closes.

    The parent never writes to the pipe and holds its only other end, so that end closes when the
    parent does it, or dies in whatever way. A signal from the kernel also ends a process whose
    module hangs and holds the interpreter's lock, which no thread of ours could.

    Args:
        lifeline: the reading end.
    """
    if sys.platform == "win32":
        return
    import fcntl  # noqa: PLC0415  # POSIX only
    import signal  # noqa: PLC0415  # needed here only

    os.set_inheritable(lifeline, False)  # noqa: FBT003  # the argument has no other name
    own = os.getpid()
    # A minus makes it the group.
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, -own if _leads_a_group() else own)
    if sys.platform == "linux":
        fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)  # a module may block SIGIO
    flags = fcntl.fcntl(lifeline, fcntl.F_GETFL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, flags | os.O_ASYNC | os.O_NONBLOCK)
    with suppress(BlockingIOError):
        os.read(lifeline, 1)
        os._exit(1)  # it closed before we were ready


def end_group() -> None:
    """End what this process has started, and with it this process.

    When the parent dies, its pipes close in any order: this process may hear of it as the end of
    its requests, and would be gone before the lifeline closes.
    """
    if sys.platform != "win32" and _leads_a_group():
        import signal  # noqa: PLC0415  # needed here only

        os.killpg(os.getpid(), signal.SIGKILL)


def _leads_a_group() -> bool:
    """Whether the group is its own, and not that of a shell."""
    return os.getpgrp() == os.getpid()
