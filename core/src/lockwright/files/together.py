"""Work of many threads that the disk takes together; nobody goes on before theirs is there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from lockwright.errors import LockwrightError

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class _Batch(Generic[T, R]):
    """What is done together."""

    items: list[T] = field(default_factory=list)
    results: Sequence[R] = ()
    done: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None


class Together(Generic[T, R]):
    """Has the work of many threads done in one go.

    Whoever begins a batch does it, once the batch before it is done; those that come until then
    are in it, and wait. So one thread alone waits no longer than without it.

    Args:
        do: does all of a batch and says what came of each part of it, in their order.
    """

    def __init__(self, do: Callable[[Sequence[T]], Sequence[R]]) -> None:
        self._do = do
        self._joining = threading.Lock()
        self._doing = threading.Lock()
        self._next: _Batch[T, R] = _Batch()

    @property
    def waiting(self) -> int:
        """How many parts wait to be done next."""
        return len(self._next.items)

    def done(self, item: T) -> R:
        """Have a part done, and wait until it is.

        Raises:
            LockwrightError: the batch could not be done.
        """
        with self._joining:
            batch, place = self._next, len(self._next.items)
            batch.items.append(item)
        if place:
            batch.done.wait()
        else:
            self._work(batch)
        if isinstance(batch.error, LockwrightError):
            # An error of its own for each thread, which adds to it where it went through.
            facts: dict[str, Any] = {**batch.error.facts}
            raise type(batch.error)(**facts) from batch.error
        if batch.error is not None:
            raise batch.error
        return batch.results[place]

    def _work(self, batch: _Batch[T, R]) -> None:
        with self._doing:
            with self._joining:
                self._next = _Batch()
            try:
                batch.results = self._do(batch.items)
            except BaseException as error:  # noqa: BLE001  # each of its threads raises it
                batch.error = error
            finally:
                batch.done.set()
