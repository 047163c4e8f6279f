"""Calls one adapter's hooks as lockwright does, and lets nothing pass that the contract forbids."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar, cast

import pluggy
from lockwright.adapter import PROJECT
from lockwright.contract import hooks
from lockwright.errors import LockwrightError, NotSupported
from lockwright.models import Token
from lockwright.pkcs11.errors import CkrError, explain
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret

T = TypeVar("T")


class NotOffered(Exception):
    """An adapter answered ``NotSupported``.

    Args:
        hook: the hook, without ``lockwright_``.
        reason: the sentence of the adapter.
    """

    def __init__(self, hook: str, reason: str) -> None:
        super().__init__(f"lockwright_{hook}: {reason}")
        self.hook = hook


class Missing(NotOffered):
    """The adapter has no such hook, and an adapter answers every one.

    Args:
        hook: the hook, without ``lockwright_``.
    """

    def __init__(self, hook: str) -> None:
        super().__init__(
            hook,
            "the adapter has no such hook. Answer it; if the token cannot, raise NotSupported "
            f"there and name {hook} in the not_offered of its capabilities, with the reason",
        )


class Caller:
    """One adapter.

    Args:
        adapter: what its entry point names.
    """

    def __init__(self, adapter: object) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(hooks)
        self._manager.register(adapter)
        self._manager.check_pending()

    def one(self, hook: str, kind: type[T], **arguments: object) -> T:
        """Call a hook that returns a value, or None for ``kind=NoneType``.

        Args:
            hook: its name without ``lockwright_``.
            kind: the class of what it must return.
            arguments: its arguments.

        Raises:
            NotOffered: it raised ``NotSupported``.
            Missing: the adapter has no such hook.
            LockwrightError: any other error of the tree.
        """
        answer = self._called(hook, arguments)
        assert isinstance(answer, kind), f"lockwright_{hook} returned a {type(answer).__name__}"
        return answer

    def several(self, hook: str, kind: type[T], **arguments: object) -> list[T]:
        """Call a hook that returns a sequence; see :meth:`one`."""
        answer = self._called(hook, arguments)
        assert isinstance(answer, Sequence), f"lockwright_{hook} returned no sequence"
        foreign = {type(each).__name__ for each in answer if not isinstance(each, kind)}
        assert not foreign, f"lockwright_{hook} returned {foreign} among what it should"
        return list(answer)

    def _called(self, hook: str, arguments: dict[str, object]) -> object:
        caller = getattr(self._manager.hook, f"lockwright_{hook}")
        if not caller.get_hookimpls():
            raise Missing(hook)
        try:
            with _serving(arguments):
                return caller(**arguments)
        except NotSupported as error:
            raise NotOffered(hook, str(error)) from error
        except CkrError as error:
            failure: LockwrightError = explain(error, action=hook, serial="")
        except LockwrightError as error:
            failure = error
        _shows_no_secret(failure, arguments)
        raise failure


def _serving(arguments: dict[str, object]) -> AbstractContextManager[None]:
    """The module opens sessions with the token of the call alone, as it does for lockwright."""
    module, token = arguments.get("module"), arguments.get("token")
    if not isinstance(token, Token):
        return nullcontext()
    return cast("Module", module).serving(token.identity)


def _shows_no_secret(error: LockwrightError, arguments: dict[str, object]) -> None:
    secrets = [value.reveal() for value in arguments.values() if isinstance(value, Secret)]
    told = f"{error} {error.facts}".encode()
    shown = [secret for secret in secrets if len(secret) > 1 and secret in told]
    assert not shown, f"{type(error).__name__} shows a secret that the hook was given"
