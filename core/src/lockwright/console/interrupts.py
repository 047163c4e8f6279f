"""The signals that end a program, taken as Ctrl-C and taken once: what follows waits for the end.

A window that is closed sends several, one after the other. The first lets the program end as it
should: the token is let go, the outcome is recorded, the terminal shows again what is typed. Those
that come meanwhile must not end that. What this process was started to ignore it ignores.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from types import FrameType, TracebackType
from typing import Self

from lockwright.console.signals import taken

_AGAIN = 0.05
"""Seconds in which a finalizer has ended."""


class Interrupts:
    """While it is entered, the first of these signals raises ``KeyboardInterrupt``, and no other.

    In a thread that is not the main one it does nothing, since Python takes no signals there.
    """

    def __init__(self) -> None:
        self._came = 0
        """The signal that came; 0 while none has."""
        self._undone = ExitStack()

    def __enter__(self) -> Self:
        self._undone.callback(setattr, sys, "unraisablehook", sys.unraisablehook)
        sys.unraisablehook = partial(self._lost, sys.unraisablehook)
        self._undone.enter_context(taken(self._end))
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._undone.close()

    def _end(self, number: int, _frame: FrameType | None) -> None:
        if not self._came:
            self._came = number
            raise KeyboardInterrupt

    def _lost(
        self, told: Callable[[sys.UnraisableHookArgs], object], what: sys.UnraisableHookArgs
    ) -> None:
        """The signal met a finalizer, where Python drops whatever is raised: it comes once more."""
        if not self._came or not issubclass(what.exc_type, KeyboardInterrupt):
            told(what)
            return
        again, self._came = self._came, 0
        timer = threading.Timer(_AGAIN, _raise_in_main_thread, (again,))
        timer.daemon = True
        timer.start()


def _raise_in_main_thread(number: int) -> None:
    """Raise a signal where Python handles it, also while it waits there."""
    if sys.platform == "win32":
        signal.raise_signal(number)
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, number)


@contextmanager
def asked_first(ask: Callable[[], bool]) -> Iterator[None]:
    """While it is entered, the first of these signals asks for an end; the next is handled as ever.

    Args:
        ask: asks what goes on to end soon; False if it cannot, and then the first is handled, too.
    """
    came = False

    def handle(number: int, frame: FrameType | None) -> None:
        nonlocal came
        first, came = not came, True
        if first and ask():
            return
        if not callable(handled := before[number]):
            raise KeyboardInterrupt
        handled(number, frame)

    with taken(handle) as before:
        yield
