"""``dataclass`` as the standard library has it, whose methods are made when they are first used.

The standard library writes the source of six methods for each frozen class and compiles it while
the class is made: half a millisecond for each of more than a hundred classes, of which one run of a
command uses a third. Here the class is made without them; what is made later is its own work, too.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, slots: bool, kw_only: bool = False) -> Callable[[type], type]:
        """Make a dataclass that is frozen and has slots; see ``dataclasses.dataclass``."""
        if not (frozen and slots):
            raise TypeError("of other dataclasses the standard library makes all at once")

        def made(given: type) -> type:
            own = {name for name, value in vars(given).items() if value is not None}
            kind = dataclasses.dataclass(
                init=False, repr=False, eq=False, slots=True, kw_only=kw_only
            )(given)
            kind.__dataclass_params__.frozen = True  # what derives from it is compared with this
            kind.__getstate__, kind.__setstate__ = _state, _restore
            for name in _METHODS.keys() - own:
                setattr(kind, name, _Late(kind, name))
            return kind

        return made


_INIT = {"init": True, "repr": False, "eq": False}
_REPR = {"init": False, "repr": True, "eq": False}
_EQUAL = {"init": False, "repr": False, "eq": True}
_FROZEN = {"init": False, "repr": False, "eq": False}
_METHODS = {
    "__init__": _INIT,
    "__repr__": _REPR,
    "__eq__": _EQUAL,
    "__hash__": _EQUAL,
    "__setattr__": _FROZEN,
    "__delattr__": _FROZEN,
}
"""What each method is made with, by its name."""


class _Late:
    """A method that is not made yet: who looks at it has it made, and put in its place.

    Args:
        kind: the class that it belongs to.
        name: its name.
    """

    def __init__(self, kind: type, name: str) -> None:
        self._kind = kind
        self._name = name

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        method = getattr(_complete(self._kind, _METHODS[self._name]), self._name)
        method.__module__ = self._kind.__module__
        method.__qualname__ = f"{self._kind.__qualname__}.{self._name}"
        setattr(self._kind, self._name, method)
        return method.__get__(instance, owner)


def _complete(kind: Any, settings: dict[str, bool]) -> type:
    """A class with the same fields that the standard library has made some methods of."""
    fields = [(each.name, each.type, _same(each)) for each in dataclasses.fields(kind)]
    there = {"__post_init__": kind.__post_init__} if hasattr(kind, "__post_init__") else {}
    return dataclasses.make_dataclass(
        kind.__name__,
        fields,
        # Without a docstring one would be made of the class's signature.
        namespace={"__module__": kind.__module__, "__doc__": kind.__doc__ or "-", **there},
        frozen=True,
        **settings,
    )


def _same(of: dataclasses.Field[Any]) -> Any:
    """A field like another, which belongs to a class already."""
    default: dict[str, Any] = {
        name: value
        for name, value in (("default", of.default), ("default_factory", of.default_factory))
        if value is not dataclasses.MISSING
    }
    return dataclasses.field(
        init=of.init, repr=of.repr, hash=of.hash, compare=of.compare, kw_only=of.kw_only, **default
    )


def _state(self: Any) -> Sequence[object]:
    """What is copied."""
    return [getattr(self, each.name) for each in dataclasses.fields(self)]


def _restore(self: Any, state: Sequence[object]) -> None:
    """Take over what was copied."""
    for each, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)
