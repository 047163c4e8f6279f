"""What stands before a token is changed: whether it can be, and the policy for a new PIN.

It is a plugin like any other: it wraps the hooks, so what is refused here never reaches the token,
and costs nothing. The last try of a PIN is spared beside the module, by ``host.tries``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

from lockwright.contract import hooks
from lockwright.contract.declaration import Arguments, Declared, RequestEffect
from lockwright.contract.derived import Wrapping, wrapping
from lockwright.errors import PinRefused, TokenWriteProtected
from lockwright.explain import encode_rules
from lockwright.models import Token
from lockwright.policy import PinPolicy
from lockwright.secret import Secret


def require_writable(token: Token) -> None:
    """Refuse to change a token that cannot be changed.

    Raises:
        TokenWriteProtected: it says so.
    """
    if token.identity.write_protected:
        raise TokenWriteProtected(serial=token.serial)


class Guard:
    """Wraps every hook that changes a token or sets a PIN.

    A PIN that is entered on the token's own pad cannot be judged here; the token has rules of its
    own for it. What ends a Request is left alone: while one is open, nothing may be read from the
    token, so the operation has judged the PIN before.

    Args:
        policy: the effective policy for a user PIN of a token.
        so_policy: the one for its SO PIN.
    """

    def __init__(
        self, policy: Callable[[Token], PinPolicy], so_policy: Callable[[Token], PinPolicy]
    ) -> None:
        self._policy = policy
        self._so_policy = so_policy
        for hook, declared in hooks.HOOKS.items():
            if declared.changes and declared.request is not RequestEffect.ENDS:
                setattr(self, hook, wrapping(declared, partial(self._before, declared)))

    def _before(self, declared: Declared, arguments: Arguments) -> Wrapping:
        token = cast("Token", arguments["token"])
        require_writable(token)
        on_pad = declared.on_pad(token, arguments)
        new_so_pin = declared.new_other_in(token)
        for name, policy in ((declared.sets, self._policy), (new_so_pin, self._so_policy)):
            pin = cast("Secret | None", arguments[name]) if name and name not in on_pad else None
            if pin is not None:
                _check_new(policy(token), token, pin)
        return (yield)


def _check_new(policy: PinPolicy, token: Token, pin: Secret) -> None:
    if broken := policy.check(pin, about=(token.serial, token.identity.label)):
        raise PinRefused(rules=encode_rules(broken))
