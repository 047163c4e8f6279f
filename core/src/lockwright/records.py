"""``dataclass`` as the standard library has it, whose methods are made when they are first used.

The standard library writes the source of six methods for each frozen class and compiles it while
the class is made: half a millisecond for each of more than a hundred classes, of which one run of a
command uses a third. Here the class is made without them; what is made later is the library's own
work, but for ``__init__``.
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
            given.__doc__ = given.__doc__ or given.__name__  # or its signature would be looked at
            own = {name for name, value in vars(given).items() if value is not None}
            kind = dataclasses.dataclass(
                init=False, repr=False, eq=False, slots=True, kw_only=kw_only
            )(given)
            kind.__dataclass_params__.frozen = True  # what derives from it is compared with this
            kind.__getstate__, kind.__setstate__ = _state, _restore
            if "__init__" not in own:
                kind.__init__ = _LateInit(kind)
            for name in _METHODS.keys() - own:
                setattr(kind, name, _late(kind, name))
            return kind

        return made


_REPR = {"repr": True, "eq": False}
_EQUAL = {"repr": False, "eq": True}
_FROZEN = {"repr": False, "eq": False}
_METHODS = {
    "__repr__": _REPR,
    "__eq__": _EQUAL,
    "__hash__": _EQUAL,
    "__setattr__": _FROZEN,
    "__delattr__": _FROZEN,
}
"""What each method but ``__init__`` is made with, by its name."""


class _LateInit:
    """The ``__init__`` of a class, not made yet: who looks at it has it made, and put in its place.

    Args:
        kind: the class that it belongs to.
    """

    def __init__(self, kind: type) -> None:
        self._kind = kind

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return _put(self._kind, "__init__", _init(self._kind)).__get__(instance, owner)


def _late(kind: type, name: str) -> Callable[..., Any]:
    """A method that is not made yet: who calls it has it made, and put in its place.

    It is a function: Python takes an error of who only looks for ``__eq__``, ``__hash__`` or
    ``__repr__`` for an answer, that there is none. Ctrl-C would be lost, and equals not be equal.
    """

    def method(self: object, *others: object) -> Any:
        made = getattr(_complete(kind, _METHODS[name]), name)
        return _put(kind, name, made)(self, *others)

    return method


def _put(kind: Any, name: str, method: Any) -> Any:
    method.__module__ = kind.__module__
    method.__qualname__ = f"{kind.__qualname__}.{name}"
    setattr(kind, name, method)
    return method


class _Factory:
    def __repr__(self) -> str:
        return "<factory>"


_FACTORY = _Factory()


def _init(kind: Any) -> Any:
    """What takes the fields; the standard library would make two methods more with it."""
    within: dict[str, Any] = {"_set": object.__setattr__, "_FACTORY": _FACTORY}
    takes, lines = ["self"], []
    fields = sorted((each for each in dataclasses.fields(kind) if each.init), key=_is_by_name)
    for each in fields:
        name, told = each.name, each.name
        if each.kw_only and "*" not in takes:
            takes.append("*")
        if each.default_factory is not dataclasses.MISSING:
            within[f"_new_{name}"] = each.default_factory
            takes.append(f"{name}=_FACTORY")
            told = f"_new_{name}() if {name} is _FACTORY else {name}"
        elif each.default is not dataclasses.MISSING:
            within[f"_is_{name}"] = each.default
            takes.append(f"{name}=_is_{name}")
        else:
            takes.append(name)
        lines.append(f" _set(self, {name!r}, {told})\n")
    if hasattr(kind, "__post_init__"):
        lines.append(" self.__post_init__()\n")
    source = f"def __init__({', '.join(takes)}):\n{''.join(lines) or ' pass'}"
    exec(source, within)  # noqa: S102  # of names of fields, as the standard library does it
    method = within["__init__"]
    method.__annotations__ = {each.name: each.type for each in fields} | {"return": None}
    return method


def _is_by_name(of: dataclasses.Field[Any]) -> bool:
    return bool(of.kw_only)


def _complete(kind: Any, settings: dict[str, Any]) -> type:
    """A class with the same fields that the standard library has made some methods of."""
    return dataclasses.make_dataclass(
        kind.__name__,
        [(each.name, each.type, _same(each)) for each in dataclasses.fields(kind)],
        # Without a docstring one would be made of the class's signature.
        namespace={"__module__": kind.__module__, "__doc__": kind.__doc__ or "-"},
        init=False,
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
