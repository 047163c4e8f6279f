"""A child that is a copy of this process, made before anything was read; Linux only.

It is asked and ended as one that was started anew, and this is the part of ``subprocess.Popen``
that is used of such a one.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn


class Forked:
    """The copy, seen from the process that it is one of.

    Args:
        main: what it does; is given the reading end of a pipe that closes when this process ends.
        heard: whether what it writes to stderr can be read here; otherwise it goes nowhere.

    Raises:
        OSError: the system makes no process.
    """

    def __init__(self, main: Callable[[int], None], *, heard: bool) -> None:
        pipes = list[tuple[int, int]]()
        try:
            pipes.extend(os.pipe() for _ in range(4 if heard else 3))
            self.pid = os.fork()
        except OSError:
            for end in (end for pipe in pipes for end in pipe):
                os.close(end)
            raise
        (its_in, stdin), (stdout, its_out), (its_lifeline, self.lifeline), *more = pipes
        if self.pid == 0:
            _become((its_in, its_out, more[0][1] if more else None), its_lifeline, main)
        for end in (its_in, its_out, its_lifeline, *(pipe[1] for pipe in more)):
            os.close(end)
        self.returncode: int | None = None
        self.stdin = io.FileIO(stdin, "w")
        self.stdout = io.FileIO(stdout, "r")
        self.stderr = io.FileIO(more[0][0], "r") if more else None

    def poll(self) -> int | None:
        """How it ended, as ``subprocess.Popen`` says it; None while it runs."""
        if self.returncode is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:  # someone else in this process waits for every child
                pid, status = self.pid, 0
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def kill(self) -> None:
        """End it now; one that has ended by itself may have left its number to another process."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


def _become(
    streams: tuple[int, int, int | None], lifeline: int, main: Callable[[int], None]
) -> NoReturn:
    """Be the child, in the copy: as one that was started anew, it has these descriptors alone."""
    try:
        os.setsid()  # Ctrl-C is the parent's to handle, and what the child starts is in its group
        its_in, its_out, its_err = streams
        os.dup2(its_in, 0)
        os.dup2(its_out, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY) if its_err is None else its_err, 2)
        _close_all_but(lifeline)
        sys.argv[:] = [""]
        try:
            main(lifeline)
        except BaseException:  # noqa: BLE001  # its stderr may be heard by now
            sys.excepthook(*sys.exc_info())
    finally:
        os._exit(1)  # whatever comes, nothing goes on here as it does in the program


def _close_all_but(kept: int) -> None:
    """Close each descriptor above the standard ones, but one."""
    try:
        numbers = {int(each.name) for each in Path("/proc/self/fd").iterdir()}
    except OSError:  # a container may have no /proc
        os.closerange(3, kept)
        os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))
        return
    for number in numbers - {0, 1, 2, kept}:
        with suppress(OSError):  # the folder's own
            os.close(number)
