"""A signal that would end the program waits while a record is written, so that none stays open."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import FrameType, TracebackType
from typing import Any, Self

from lockwright.console.signals import taken


class Shield:
    """Holds signals back until it is left, but for the blocks in which it is ``opened``.

    Whoever handled them before does so then. In a thread that is not the main one it does nothing:
    Python handles no signals there.
    """

    def __init__(self) -> None:
        self._open = False
        self._waiting: list[int] = []
        self._before: Mapping[int, Any] = {}
        self._undone = ExitStack()

    def __enter__(self) -> Self:
        self._before = self._undone.enter_context(taken(self._came))
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._undone.close()
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
