"""One child process: start it, ask it until a deadline, end it and all that it started."""

from __future__ import annotations

import io
import os
import sys
import time
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from lockwright.host import ahead, ending, frozen, wire
from lockwright.host.codec import Packed, WireError
from lockwright.host.listener import Listener
from lockwright.host.stderr import Shown
from lockwright.host.waiting import Waiting
from lockwright.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from lockwright.host.ending import Process

_TICK = 0.2
"""Seconds between two looks for Ctrl-C, which cannot end a longer wait on Windows, and for a child
that died while what it started keeps its pipe open."""
_STOOD_STILL = 1.0
"""Seconds between two looks after which this program was stopped, as by Ctrl-Z, or had no turn."""
_PARTING = 2.0
"""Seconds a child gets to unload its module."""
_AT_ONCE = 10.0
"""Seconds in which a child reads what it is for; it does so before it loads anything."""


class Ended(Exception):
    """The child is gone; ``how`` is a signal's name, an exit status, or words for it."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class Nonsense(Exception):
    """The child sent what nobody asked for, or what is no frame."""


class GivenUp(Exception):
    """The answer is not wanted any more, and did not come in the time that was left for it."""


class ChildProcess:
    """A child and both ends of the talk with it; dropping it ends it.

    Args:
        start: what the child is for, a ``Start``.
        name: whose stderr it is that is shown.
        verbose: whether what the module writes to stderr is shown.

    Raises:
        OSError: the system starts no process.
    """

    def __init__(self, start: Packed, name: str, *, verbose: bool) -> None:
        self._process, lifeline = _spawn(verbose=verbose)
        pipe = cast("io.FileIO | None", self._process.stderr)
        shown = None if pipe is None else Shown(pipe, name)
        self._requests = cast("io.FileIO", self._process.stdin)
        self._gone_by = 0.0
        self._end = weakref.finalize(self, _end, os.getpid(), self._process, lifeline, shown)
        _ours.add(self)
        self._listener = Listener(cast("io.FileIO", self._process.stdout))
        self._send(wire.Frame(wire.Kind.START, 0, start), time.monotonic() + _AT_ONCE)

    def ask(self, kind: wire.Kind, packed: Packed, until: float) -> None:
        """Ask something; that the child is gone by now, or does not read, is told by ``receive``.

        Args:
            kind: what is asked.
            packed: the question.
            until: when to give up, on the clock of ``time.monotonic``.

        Raises:
            Ended, Nonsense: it was gone before, and was not asked.
        """
        if self._listener.end:
            raise self._failure()
        self._send(wire.Frame(kind, self._listener.expect(), packed), until)

    def receive(
        self, waiting: Waiting, stopped: Callable[[], float | None] = lambda: None
    ) -> wire.Frame:
        """The answer; one that is already there is never too late.

        Args:
            waiting: says when to give up, and follows what is heard meanwhile.
            stopped: since when the answer is not wanted any more, on the clock of
                ``time.monotonic``; None while it is. The child is asked nothing more then.

        Raises:
            TimeoutError: it did not come in time.
            Ended, Nonsense: it will not come.
            GivenUp: the same, and it is not wanted any more.
        """
        looked = time.monotonic()
        while True:
            before, looked = looked, time.monotonic()
            stood_still = looked - before > _STOOD_STILL
            until, since = waiting.until(self._listener.life), stopped()
            if since is not None:
                self.dismiss()
                until = min(until, since + _PARTING)
            left, runs = max(0.0, until - looked), self.alive
            # An answer of a child that is gone is in the pipe, if there is one; so is what came
            # while this program stood still.
            answer = self._listener.wait(min(left, _TICK) if runs and not stood_still else _TICK)
            stops = waiting.follows(self._listener.life)
            if answer:
                if since is not None:
                    self._gone_by = looked + _PARTING
                return answer
            if since is not None and not (runs and left):
                raise GivenUp
            if not runs or self._listener.end:
                raise self._failure()
            if not left and not stood_still:
                raise TimeoutError
            if stops and since is None:
                self._stop()

    @property
    def dismissed(self) -> bool:
        """Whether it can be asked nothing more, and unloads its module."""
        return self._requests.closed

    @property
    def alive(self) -> bool:
        """Whether the child still runs and makes sense."""
        return self._listener.end is None and ending.status(self._process) is None

    def kill(self) -> None:
        """End the child now."""
        self._end()

    def dismiss(self) -> None:
        """Let the child unload its module; it is asked nothing more."""
        if not self._requests.closed:
            self._requests.close()
            self._gone_by = time.monotonic() + _PARTING

    def close(self) -> None:
        """Let the child unload its module, then end it."""
        self.dismiss()
        while self.alive and (left := self._gone_by - time.monotonic()) > 0:
            self._listener.wait_for_end(min(left, _TICK))
        self._end()

    def _stop(self) -> None:
        """Let the child end what it was asked once the object in hand is done."""
        number = self._listener.expected
        if number is not None:
            frame = wire.Frame(wire.Kind.STOP, number, Packed(b""))
            self._send(frame, time.monotonic() + _AT_ONCE)

    def _send(self, frame: wire.Frame, until: float) -> None:
        with suppress(OSError, ValueError):  # TimeoutError is one
            if sys.platform == "win32":
                wire.send(self._requests, frame)
            else:
                wire.send_within(self._requests, frame, until)

    def _failure(self) -> Ended | Nonsense:
        if isinstance(self._listener.end, WireError):
            return Nonsense(str(self._listener.end))
        end = time.monotonic() + _PARTING
        while (status := ending.status(self._process)) is None and time.monotonic() < end:
            time.sleep(0.01)
        return Ended(N_("it stopped answering") if status is None else ending.name_of(status))


_ours: weakref.WeakSet[ChildProcess] = weakref.WeakSet()


def _give_back() -> None:
    """In a copy that a fork made: what it holds would keep each child alive when its owner ends."""
    for each in list(_ours):
        each.kill()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_give_back)


def _spawn(*, verbose: bool) -> tuple[Process, int | None]:
    """The process, and the end of the pipe that keeps it alive."""
    ready = ahead.take(verbose=verbose)
    process, lifeline = (ready, ready.lifeline) if ready else _anew(verbose=verbose)
    if sys.platform != "win32":
        # A module that has taken its process over may never read.
        os.set_blocking(cast("io.FileIO", process.stdin).fileno(), False)  # no name
    return process, lifeline


def _anew(*, verbose: bool) -> tuple[Process, int | None]:
    import subprocess  # noqa: PLC0415  # not where a child is ready

    command = frozen.command()
    lifeline, ours = (None, None) if sys.platform == "win32" else os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603  # our own module in our own interpreter
            [*command, *([] if lifeline is None else [str(lifeline)])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if verbose else subprocess.DEVNULL,
            bufsize=0,
            pass_fds=() if lifeline is None else (lifeline,),
            # Ctrl-C is the parent's to handle, and what the child starts is in its group.
            start_new_session=True,
        )
    except OSError:
        if ours is not None:
            os.close(ours)
        raise
    finally:
        if lifeline is not None:
            os.close(lifeline)
    return process, ours


def _end(owner: int, process: Process, lifeline: int | None, shown: Shown | None) -> None:
    """End the process and its group, and give back all but what the listener closes.

    A copy of the owner, made by a fork, gives back what it was given, at once, and ends nobody.
    """
    ours = os.getpid() == owner
    if ours:
        ending.kill_group(process)
    if lifeline is not None:
        os.close(lifeline)
    if ours:
        ending.reap(process)
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
    if ours and shown is not None:
        shown.finish()
