"""Whether an answer is of the type that the signature of its hook names: it is foreign code's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from types import NoneType, SimpleNamespace, UnionType
from typing import Union, cast, get_args, get_origin, get_type_hints


def check_of(hook: Callable[..., object]) -> Callable[[object], str]:
    """What tells the type of an answer, or of what is in it, that is not the hook's; or nothing.

    What a hook returns none of is not looked at, nor a type that is there for type checkers alone.

    Args:
        hook: its signature.
    """
    try:
        kind = named_type(hook, "return")
    except NameError:
        return _nothing
    return _nothing if kind is NoneType else partial(_misfit, kind)


def named_type(hook: Callable[..., object], name: str) -> object:
    """The type that a signature names for one argument, or for "return".

    The others are not looked at: some are there for type checkers alone.

    Args:
        hook: the signature.
        name: name of the argument.

    Raises:
        NameError: the type is there for type checkers alone.
    """
    told = SimpleNamespace(__annotations__={name: hook.__annotations__.get(name)})
    kind: object = get_type_hints(told, hook.__globals__)[name]
    return kind


def _nothing(_answer: object) -> str:
    return ""


def _misfit(kind: object, answer: object) -> str:
    origin, own = get_origin(kind), type(answer).__name__
    if origin in {Union, UnionType}:
        return "" if any(not _misfit(each, answer) for each in get_args(kind)) else own
    if origin is Sequence and isinstance(answer, Sequence) and not isinstance(answer, str | bytes):
        several: Sequence[object] = answer
        return next(filter(None, (_misfit(get_args(kind)[0], each) for each in several)), "")
    fits = origin is not Sequence and isinstance(answer, cast("type", origin or kind))
    return "" if fits else own
