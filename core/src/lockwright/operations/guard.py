"""What stands before a PIN is set: the policy for a new one.

It is a plugin like any other: it wraps the hooks, so a PIN that is refused here never reaches the
token, and costs nothing. The last try of a PIN is spared beside the module, by ``host.tries``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

from lockwright.contract import hooks
from lockwright.contract.declaration import Arguments, Declared
from lockwright.contract.derived import Wrapping, wrapping
from lockwright.errors import PinRefused
from lockwright.explain import encode_rules
from lockwright.models import Token
from lockwright.policy import PinPolicy
from lockwright.secret import Secret


class Guard:
    """Wraps every hook that sets a PIN.

    What ends a Request is left alone: while one is open, nothing may be read from the token, so
    the operation has judged the PIN before.

    Args:
        policy: the effective policy for a token.
    """

    def __init__(self, policy: Callable[[Token], PinPolicy]) -> None:
        self._policy = policy
        for hook, declared in hooks.HOOKS.items():
            if declared.sets and declared.request is None:
                setattr(self, hook, wrapping(declared, partial(self._before, declared)))

    def _before(self, declared: Declared, arguments: Arguments) -> Wrapping:
        pin = cast("Secret | None", arguments[declared.sets])
        if pin is not None:
            self._check_new(cast("Token", arguments["token"]), pin)
        return (yield)

    def _check_new(self, token: Token, pin: Secret) -> None:
        about = (token.serial, token.identity.label)
        if broken := self._policy(token).check(pin, about=about):
            raise PinRefused(rules=encode_rules(broken))
