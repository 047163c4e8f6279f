"""How a good adapter is broken in one way, and which promise that breaks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby

from lockwright.adapter import StandardAdapter
from lockwright.bindings import load
from lockwright.errors import LockwrightError, PinIncorrect, TokenRefused
from lockwright.models import Token
from lockwright.pkcs11.same_token import identities
from lockwright.pkcs11.session import Module
from lockwright_testkit.conformance.promises import Promise, promises
from sample_adapter import Sample
from sample_adapter import adapter as good

__all__ = [
    "MUTANTS",
    "NOTHING_FINDS",
    "NOT_AN_ADAPTERS",
    "REFUSED",
    "WRONG",
    "Mutant",
    "found_by",
    "good",
    "instead",
    "promise_of",
    "whatever_is_there",
]

Function = Callable[..., object]


@dataclass(frozen=True)
class Mutant:
    """An adapter that keeps every promise but one."""

    name: str
    """What it does wrong."""
    adapter: StandardAdapter
    """The adapter."""
    promise: Promise
    """What it breaks."""
    tests: tuple[str, ...]
    """Tests of the suite that notice it; none for one that nothing notices."""


MUTANTS: list[Mutant] = []
NOTHING_FINDS = {
    "reads_everything_twice": "the answer is the same; `tests/test_list_calls.py` counts the calls",
    "knows_where_the_module_lies": "where it is, the answer is the same",
}
"""Mutants that no test of the suite notices, and why."""
NOT_AN_ADAPTERS = {
    "change_puk: PKCS#11 knows no PUK": "says what PKCS#11 has",
    "set_label: PKCS#11 has no function": "says what PKCS#11 has",
    "respond: A wrapper leaves": "binds a wrapper; `core/tests` try wrappers",
}
"""Promises that no adapter can break, and why."""
_PROMISES = {
    hook: list(said) for hook, said in groupby(promises(), key=lambda promise: promise.hook)
}
REFUSED = TokenRefused(action="do it", name="no reason")
WRONG = PinIncorrect(role="PIN", tries_left=None, state=None)


def found_by(hook: str, *tests: str, breaks: str) -> Callable[[Function], Function]:
    """The function replaces a hook of the good adapter, which each of the tests must notice.

    Args:
        hook: the hook that it replaces, without ``lockwright_``.
        tests: of the suite.
        breaks: words of the promise, those of no other of the hook; behind ``HOOK:`` if it is a
            promise of another hook.
    """

    def replaced(function: Function) -> Function:
        # A process that responds imports the class by its name.
        name, module = f"{function.__name__}_", function.__module__
        body = {f"lockwright_{hook}": staticmethod(function), "__module__": module}
        kind = type(name, (Sample,), body)
        setattr(sys.modules[module], name, kind)
        MUTANTS.append(Mutant(function.__name__, kind(), _promise(hook, breaks), tests))
        return function

    return replaced


@contextmanager
def instead(error: type[LockwrightError], other: Exception) -> Iterator[None]:
    """Tell one error as another one."""
    try:
        yield
    except error as told:
        raise other from told


def promise_of(words: str) -> Promise:
    """The only promise that says something.

    Args:
        words: ``HOOK: WORDS``.

    Raises:
        LookupError: none says it, or several do.
    """
    hook, _, told = words.partition(": ")
    fitting = [each for each in _PROMISES[hook] if told in each.text]
    if len(fitting) != 1:
        raise LookupError(f"{len(fitting)} promises of {hook} say {told!r}")
    return fitting[0]


def _promise(hook: str, words: str) -> Promise:
    of, separator, _told = words.partition(": ")
    named = separator and of in _PROMISES
    return promise_of(words if named else f"{hook}: {words}")


def whatever_is_there(module: Module, token: Token) -> tuple[Module, Token]:
    """The module past the port that compares, as a vendor's own functions would use it."""
    beside = load("pykcs11", module.path)
    return beside, replace(token, identity=identities(beside)[0])
