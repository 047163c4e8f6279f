"""What is made when it is first asked for, once, whichever thread asks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class late(Generic[T]):  # noqa: N801  # it is used as ``property`` is
    """A property that is made once, where ``functools.cached_property`` may make one a thread.

    Args:
        make: makes it.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self._name = make.__name__
        self._making = threading.RLock()
        self.__doc__ = make.__doc__

    def __get__(self, instance: Any, owner: type | None = None) -> T:
        """The value, which stands in the instance from then on."""
        with self._making:
            kept = vars(instance)
            if self._name not in kept:
                kept[self._name] = self._make(instance)
            made: T = kept[self._name]
        return made
