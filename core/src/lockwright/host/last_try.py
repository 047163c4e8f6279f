"""Whether whoever calls agreed to spend the last try of a PIN, in one block; no hook need know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_AGREED: ContextVar[bool] = ContextVar("agreed to the last try", default=False)


@contextmanager
def spending(*, agreed: bool = True) -> Iterator[None]:
    """Let the calls in the block spend the last try of a PIN.

    Args:
        agreed: whether that was agreed to.
    """
    token = _AGREED.set(agreed)
    try:
        yield
    finally:
        _AGREED.reset(token)


def agreed() -> bool:
    """Whether the last try may be spent."""
    return _AGREED.get()
