"""Which arguments are secrets, read from a signature, and that what is given for them is one.

A PIN of another type has no length that a token is told, and a wiped one has none left: either is
sent as an empty PIN, and costs a try; so is one that was empty from the beginning, such as what was
read from a field that nobody filled in. So it is refused at the door, whatever is behind it. Only a
token that asks for its PINs on its own pad, or for none, is given an empty one in the PIN's place.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from lockwright.contract.stopping import operation
from lockwright.models import Token
from lockwright.secret import expect

P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K")

_SECRET = re.compile(r"\bSecret\b")
_NONE = re.compile(r"\bNone\b")


def secrets_of(function: Callable[..., object]) -> dict[str, bool]:
    """The arguments of a function that are secrets, each with whether None may be given.

    Args:
        function: its annotations name ``Secret``.
    """
    taken = inspect.signature(function).parameters.items()
    return {name: _may_be_none(each.annotation) for name, each in taken if _is(each.annotation)}


def require(
    secrets: Mapping[str, bool],
    arguments: Mapping[str, object],
    *,
    judged: Collection[str] = (),
) -> None:
    """Refuse what is given for a secret and is none, or is one no more.

    A dataclass among the arguments is looked into: an administrator key is a part of one.

    Args:
        secrets: as ``secrets_of`` has them.
        arguments: what is given, by name.
        judged: arguments that may be empty here, since whoever reads them says what is missing.

    Raises:
        TypeError: something is no ``Secret``, or was wiped.
        ValueError: it is empty, and no token among the arguments does without.
    """
    unasked = any(isinstance(each, Token) and _asks_for_none(each) for each in arguments.values())
    for name, value in arguments.items():
        if name in secrets:
            may_be_empty = unasked or name in judged
            _require(name, value, may_be_none=secrets[name], may_be_empty=may_be_empty)
        elif is_dataclass(value) and not isinstance(value, type):
            for part in fields(value):
                if _is(part.type):
                    told = getattr(value, part.name)
                    _require(f"{name}.{part.name}", told, may_be_none=_may_be_none(part.type))


def doors(
    *, judged: Collection[str] = (), ends: Collection[str] = ()
) -> Callable[[type[K]], type[K]]:
    """Let every public method of a class of the Python API begin only with secrets that are some.

    Each is an operation, which another thread may stop (``stopping``).

    Args:
        judged: as ``require`` has it.
        ends: methods that end operations, and are none.
    """

    def guarded(kind: type[K]) -> type[K]:
        for name, method in list(vars(kind).items()):
            public = not name.startswith("_") and name not in ends
            if public and inspect.isfunction(method):
                setattr(kind, name, _door(method, judged))
        return kind

    return guarded


def _door(method: Callable[P, T], judged: Collection[str]) -> Callable[P, T]:
    signature, secrets = inspect.signature(method), secrets_of(method)
    given = len(signature.parameters) > 1

    @wraps(method)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T:
        if given:
            require(secrets, signature.bind(*args, **kwargs).arguments, judged=judged)
        with operation():
            return method(*args, **kwargs)

    return checked


def _require(name: str, value: object, *, may_be_none: bool, may_be_empty: bool = False) -> None:
    if value is not None or not may_be_none:
        expect(value, name, may_be_empty=may_be_empty)


def _asks_for_none(token: Token) -> bool:
    """Whether lockwright is to send the token no PIN."""
    return token.identity.pin_pad or not token.identity.login_required


def _is(annotation: object) -> bool:
    return bool(_SECRET.search(_text(annotation)))


def _may_be_none(annotation: object) -> bool:
    return bool(_NONE.search(_text(annotation)))


def _text(annotation: object) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)
