"""One child process: start it, talk to it until a deadline, end it for certain."""

from __future__ import annotations

import io
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import weakref
from contextlib import suppress
from typing import cast

from lockwright.host import wire
from lockwright.host.protocol import Start

_TICK = 0.2
"""Seconds between two looks for Ctrl-C, which cannot end a longer wait on Windows."""
_PARTING = 2.0
"""Seconds a child gets to unload its module, and the kernel to end it."""


class Ended(Exception):
    """The child is gone or talks nonsense; ``how`` is a signal's name or an exit status."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class ChildProcess:
    """A child and both ends of the talk with it; dropping it ends it.

    Args:
        start: what the child is for.
        verbose: whether what the module writes to stderr is shown.

    Raises:
        OSError: the system starts no process.
    """

    def __init__(self, start: Start, *, verbose: bool) -> None:
        self._process, lifeline = _spawn(verbose=verbose)
        self._requests = cast("io.FileIO", self._process.stdin)
        self._answers: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._gone_by = 0.0
        self._end = weakref.finalize(self, _end, self._process, lifeline)
        answers = cast("io.FileIO", self._process.stdout)
        threading.Thread(target=_listen, args=(answers, self._answers), daemon=True).start()
        self.send(start)

    def send(self, message: object) -> None:
        """Send a message; that the child is gone is reported by ``receive``."""
        with suppress(OSError, ValueError):
            wire.send(self._requests, message)

    def receive(self, until: float) -> object:
        """The child's next message; one that is already there is never too late.

        Args:
            until: when to give up, on the clock of ``time.monotonic``.

        Raises:
            TimeoutError: it did not come in time.
            Ended: it will not come.
        """
        while True:
            left = max(0.0, until - time.monotonic())
            with suppress(queue.Empty):
                answer = self._answers.get(timeout=min(left, _TICK))
                if isinstance(answer, Exception):
                    raise Ended(self._how(answer))
                return answer
            if not left:
                raise TimeoutError

    @property
    def alive(self) -> bool:
        """Whether the child still runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the child now."""
        self._process.kill()
        self._end()

    def dismiss(self) -> None:
        """Let the child unload its module; it is asked nothing more."""
        if not self._requests.closed:
            self._requests.close()
            self._gone_by = time.monotonic() + _PARTING

    def close(self) -> None:
        """Let the child unload its module, then end it."""
        self.dismiss()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, self._gone_by - time.monotonic()))
        self._end()

    def _how(self, answer: Exception) -> str:
        if isinstance(answer, wire.WireError):
            return str(answer)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_PARTING)
        status = self._process.returncode
        if status is not None and status < 0:
            return signal.Signals(-status).name
        return f"exit status {status}"


def _spawn(*, verbose: bool) -> tuple[subprocess.Popen[bytes], int | None]:
    """The process, and the end of the pipe that keeps it alive."""
    command = [sys.executable, "-P", "-m", "lockwright.host.child"]
    lifeline, ours = (None, None) if sys.platform == "win32" else os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603  # our own module in our own interpreter
            [*command, *([] if lifeline is None else [str(lifeline)])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if verbose else subprocess.DEVNULL,
            bufsize=0,
            pass_fds=() if lifeline is None else (lifeline,),
            start_new_session=True,  # Ctrl-C is the parent's to handle
        )
    except OSError:
        if ours is not None:
            os.close(ours)
        raise
    finally:
        if lifeline is not None:
            os.close(lifeline)
    return process, ours


def _listen(answers: io.FileIO, into: queue.SimpleQueue[object]) -> None:
    """Read answers as they come; a thread of its own can be waited for with a deadline.

    Only this thread closes the pipe: if another did, this one could be about to read, and would
    read from the next child's pipe, which gets the same number.
    """
    with answers:
        try:
            while True:
                into.put(wire.receive(answers))
        except (EOFError, OSError, ValueError, wire.WireError) as error:
            into.put(error)


def _end(process: subprocess.Popen[bytes], lifeline: int | None) -> None:
    """End the process if it still runs, and give back all but what the listener closes."""
    if lifeline is not None:
        os.close(lifeline)
    if process.poll() is None:
        process.kill()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_PARTING)
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
