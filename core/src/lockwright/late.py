"""What is made, or imported, when it is first asked for; once, whichever thread asks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


def modules(package: str, *names: str) -> Callable[[str], object]:
    """A package's ``__getattr__`` that imports some of its modules when they are first used.

    Args:
        package: the package's full name.
        names: the modules, within it.
    """

    def imported(name: str) -> object:
        if name in names:
            return import_module(f"{package}.{name}")
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return imported


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

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type | None = None) -> T: ...
    def __get__(self, instance: object | None, owner: type | None = None) -> T | Self:
        """The value, which stands in the instance from then on; the property itself of a class."""
        if instance is None:
            return self
        with self._making:
            kept = vars(instance)
            if self._name not in kept:
                kept[self._name] = self._make(instance)
            made: T = kept[self._name]
        return made
