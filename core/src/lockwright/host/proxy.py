"""The adapter as the caller's process has it: every hook is carried to where the module is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import Protocol, cast

from lockwright.contract import hooks
from lockwright.contract.declaration import Arguments
from lockwright.contract.derived import answering
from lockwright.contract.taken_secrets import require
from lockwright.host.protocol import Respond
from lockwright.models import Token
from lockwright.secret import Secret


class Dispatch(Protocol):
    """Carries a call to the host of the token's adapter."""

    def __call__(self, hook: str, token: Token, **arguments: object) -> object:
        """Call a hook by name."""


class RemoteAdapter:
    """Stands for an adapter; the innermost plugin of every call.

    Args:
        dispatch: carries a call to the host of the token's adapter.
    """

    def __init__(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch
        for hook, declared in hooks.HOOKS.items():
            if declared.about_a_token:
                setattr(self, hook, answering(declared, partial(self._carry, hook)))

    def _carry(self, hook: str, arguments: Arguments) -> object:
        # A wrapper may have wiped one.
        require(hooks.HOOKS[hook].secrets, arguments)
        rest = {name: arguments[name] for name in arguments if name not in {"module", "token"}}
        return self._dispatch(hook, cast("Token", arguments["token"]), **rest)


class RemoteResponder:
    """Stands for an adapter on the bank's side, where there is no token.

    Args:
        answer: carries a Request to a child process of its own.
    """

    def __init__(self, answer: Callable[[str, Respond], Secret]) -> None:
        self._answer = answer
        responds = hooks.HOOKS[hooks.lockwright_respond.__name__]
        setattr(self, responds.name, answering(responds, self._carry))

    def _carry(self, arguments: Arguments) -> Secret:
        require({}, arguments)
        names = [each.name for each in fields(Respond) if each.name in arguments]
        asked = Respond(**{name: arguments[name] for name in names})  # type: ignore[arg-type]  # of the hook's types
        return self._answer(str(arguments["vendor"]), asked)
