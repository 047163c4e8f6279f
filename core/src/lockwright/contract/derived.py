"""Implementations and wrappers of hooks that are made from their declarations."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import update_wrapper

from lockwright.contract.declaration import Arguments, Declared
from lockwright.contract.markers import hookimpl

Wrapping = Generator[None, object, object]


def answering(declared: Declared, answer: Callable[[Arguments], object]) -> Callable[..., object]:
    """An implementation of a hook that takes every argument and hands them on by name.

    Args:
        declared: the hook.
        answer: what it does.
    """

    def answered(*values: object) -> object:
        return answer(dict(zip(declared.parameters, values, strict=True)))

    # pluggy reads the names of the arguments from what a function wraps.
    return hookimpl(update_wrapper(answered, declared.function, updated=()))


def wrapping(declared: Declared, around: Callable[[Arguments], Wrapping]) -> Callable[..., object]:
    """A wrapper of a hook that takes every argument by name.

    Args:
        declared: the hook.
        around: a generator function that yields once, where the hook is called, gets its result
            there, and returns the result.
    """

    def wrapped(*values: object) -> Wrapping:
        return (yield from around(dict(zip(declared.parameters, values, strict=True))))

    return hookimpl(wrapper=True)(update_wrapper(wrapped, declared.function, updated=()))


_NOT_A_WRAPPERS = {"module", "key", "settings"}
"""Arguments that a plugin which wraps operations leaves out, beside every secret."""


def surrounding(
    declared: Declared, around: Callable[[Declared, Arguments], Wrapping]
) -> Callable[..., object]:
    """A wrapper of a hook for a plugin of others: it is given no PIN, no key and no module.

    Of the arguments that are secrets it is told those that are None.

    Args:
        declared: the hook.
        around: as for ``wrapping``, and the hook is told before the arguments.
    """
    secrets = declared.secrets.keys()

    def known(arguments: Arguments) -> Wrapping:
        open_ = arguments.keys() - _NOT_A_WRAPPERS - secrets
        open_ |= {name for name in secrets if arguments[name] is None}
        told = {name: each for name, each in arguments.items() if name in open_}
        return (yield from around(declared, told))

    return wrapping(declared, known)
