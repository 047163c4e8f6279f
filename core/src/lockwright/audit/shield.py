"""A signal that would end the program waits while a record is written, so that none stays open."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Self

_NUMBERS = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGHUP", "SIGTERM", "SIGQUIT")
    if hasattr(signal, name)
)


class Shield:
    """Holds signals back until it is left, but for the blocks in which it is ``opened``.

    Whoever handled them before does so then. In a thread that is not the main one it does nothing:
    Python handles no signals there.
    """

    def __init__(self) -> None:
        self._open = False
        self._waiting: list[int] = []
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in _NUMBERS:
                before = signal.getsignal(number)
                if before not in {signal.SIG_IGN, None}:
                    self._before[number] = before
                    signal.signal(number, self._came)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)
        while self._waiting:
            signal.raise_signal(self._waiting.pop(0))

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Let signals do their work in the block, also those that came before."""
        try:
            self._open = True
            while self._waiting:
                self._act(self._waiting.pop(0), None)
            yield
        finally:
            self._open = False

    def _came(self, number: int, frame: FrameType | None) -> None:
        if self._open:
            self._act(number, frame)
        else:
            self._waiting.append(number)

    def _act(self, number: int, frame: FrameType | None) -> None:
        before = self._before[number]
        if callable(before):
            before(number, frame)
        else:
            signal.signal(number, before)
            signal.raise_signal(number)
