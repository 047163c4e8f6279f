"""Who watches what this thread has a module do; the contract's hooks need not know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from lockwright.models.progress import Watch

_WATCH: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watching(watch: Watch | None) -> Iterator[None]:
    """Let someone watch the calls in the block; None for nobody."""
    token = _WATCH.set(watch)
    try:
        yield
    finally:
        _WATCH.reset(token)


def watch() -> Watch:
    """Who watches; one that nobody hears where nobody does."""
    return _WATCH.get() or Watch()
