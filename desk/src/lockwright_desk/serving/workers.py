"""Processes that serve together: forked from one that only looks after them.

One that dies is followed by another; when the first one is told to end, they finish what they have
begun; and when that one is killed, they end by themselves, since the pipe that it holds is closed.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lockwright import log as logs

GRACE_SECONDS = 20.0
"""How long workers may take to end; more than a request takes at most."""
_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
"""Seconds before one is started that could not begin: at first, and after many times."""
_ENDS = ("SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT")
"""Signals that end a desk, where the system has them."""

log = logs.get("lockwright.desk.workers")


@dataclass(frozen=True, slots=True)
class Worker:
    """What one of them knows of itself."""

    number: int
    """From 0 on; whoever follows one that died has the same."""
    parent: int
    """A descriptor that is at its end when the process that looks after it is gone."""
    told: int

    def is_ready(self) -> None:
        """It serves; to be said once."""
        os.write(self.told, b"1")
        os.close(self.told)


@dataclass(slots=True)
class _Hand:
    """A worker as its parent knows it."""

    number: int
    ready: int
    """A descriptor that something can be read from once it serves; -1 when it was."""


def begin(count: int, ready: Callable[[], None]) -> Worker | int:
    """Fork workers, and look after them.

    Args:
        count: how many.
        ready: called when the first of them serves; the others are not begun before that.

    Returns:
        In each of them, what it knows of itself. In this process, once all have ended, the exit
        code: 0, or that of the first one if it never served.
    """
    return _Crew(count, ready).look_after()


def possible() -> bool:
    """Whether this system forks."""
    return hasattr(os, "fork") and sys.platform != "win32"


class _Crew:
    """The parent's side."""

    def __init__(self, count: int, ready: Callable[[], None]) -> None:
        self._count = count
        self._ready = ready
        self._hands: dict[int, _Hand] = {}
        self._due = {0: 0.0}
        self._pauses: dict[int, float] = {}
        self._served = False
        self._told = False
        self._ends_by: float | None = None
        self._killed = False
        self._code = 0
        self._alive = os.pipe()
        self._woken = os.pipe()

    def look_after(self) -> Worker | int:
        before = self._listen()
        while self._due or self._hands:
            if self._told and self._ends_by is None:
                self._end()
            if worker := self._start_those_due(before):
                return worker
            self._wait()
            self._reap()
            if self._ends_by is not None and time.monotonic() > self._ends_by:
                self._kill()
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)
        return self._code

    def _listen(self) -> Mapping[int, Any]:
        """Be woken by signals; what was done at each of them before."""
        os.set_blocking(self._woken[0], False)
        os.set_blocking(self._woken[1], False)
        signal.set_wakeup_fd(self._woken[1], warn_on_full_buffer=False)
        before: dict[int, Any] = {}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_told: None)
        for name in _ENDS:
            number = getattr(signal, name)
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, self._is_told)
        return before

    def _is_told(self, *_told: object) -> None:
        """A signal's handler, in the middle of anything: what follows is done by the loop."""
        self._told = True

    def _end(self) -> None:
        self._ends_by = time.monotonic() + GRACE_SECONDS
        self._due.clear()
        self._tell(signal.SIGTERM)

    def _tell(self, number: int) -> None:
        for pid in self._hands:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def _kill(self) -> None:
        if not self._killed and self._hands:
            self._killed = True
            log.error("workers did not end, and are killed", count=len(self._hands))
        self._tell(signal.SIGKILL)

    def _start_those_due(self, before: Mapping[int, Any]) -> Worker | None:
        now = time.monotonic()
        for number in [number for number, when in self._due.items() if when <= now]:
            if self._told:
                break
            ready, told = os.pipe()
            # A signal that came in between would be the parent's business in the child.
            signal.pthread_sigmask(signal.SIG_BLOCK, before)
            pid = os.fork()
            if pid == 0:
                return self._become(number, told, before)
            self._hands[pid] = _Hand(number, ready)
            self._due.pop(number, None)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, before)
            os.close(told)
        return None

    def _become(self, number: int, told: int, before: Mapping[int, Any]) -> Worker:
        """The child's first steps: nothing that is the parent's stays open."""
        os.setpgid(0, 0)  # Ctrl-C is the parent's, who tells everybody once
        signal.set_wakeup_fd(-1)
        for each, handler in before.items():
            signal.signal(each, handler)
        for open_one in (self._alive[1], *self._woken):
            os.close(open_one)
        for hand in self._hands.values():
            if hand.ready >= 0:
                os.close(hand.ready)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, before)
        return Worker(number, self._alive[0], told)

    def _wait(self) -> None:
        """Wait for a signal, for one that serves, or for the next to be started."""
        now = time.monotonic()
        whens = [*self._due.values(), *([self._ends_by] if self._ends_by is not None else [])]
        seconds = max(0.0, min(whens) - now) if whens else None
        pending = [hand for hand in self._hands.values() if hand.ready >= 0]
        found, _w, _x = select.select(
            [self._woken[0], *(hand.ready for hand in pending)], [], [], seconds
        )
        if self._woken[0] in found:
            with suppress(BlockingIOError):
                os.read(self._woken[0], 4096)
        for hand in pending:
            if hand.ready in found:
                self._heard(hand)

    def _heard(self, hand: _Hand) -> None:
        serves = os.read(hand.ready, 1) != b""
        os.close(hand.ready)
        hand.ready = -1
        if not serves:
            return
        self._pauses.pop(hand.number, None)
        if not self._served:
            self._served = True
            self._ready()
            if self._ends_by is None:
                self._due.update(dict.fromkeys(range(1, self._count), 0.0))

    def _reap(self) -> None:
        for pid, hand in list(self._hands.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended != pid:
                continue
            if hand.ready >= 0:
                self._heard(hand)
            del self._hands[pid]
            self._follow(hand.number, pid, os.waitstatus_to_exitcode(status))

    def _follow(self, number: int, pid: int, code: int) -> None:
        """One has ended: another takes its place, unless all end."""
        if self._ends_by is not None:
            return
        if not self._served:
            self._code = code if code > 0 else 1  # what is wrong it has told itself
            if code < 0:
                log.error("a worker ended before it served", pid=pid, signal=-code)
            return
        pause = self._pauses.get(number, 0.0)
        log.error("a worker ended, another is started", pid=pid, code=code, seconds=round(pause))
        self._due[number] = time.monotonic() + pause
        self._pauses[number] = min(max(2 * pause, _PAUSE), _LONGEST_PAUSE)
