"""What stands before every login: the policy for a new PIN, and care for the last try.

It is a plugin like any other: it wraps the hooks, so a PIN that is refused here never reaches the
token, and costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

from lockwright.contract import hooks
from lockwright.contract.declaration import Arguments, Declared
from lockwright.contract.derived import Wrapping, wrapping
from lockwright.errors import LastTry, PinLocked, PinRefused
from lockwright.errors.pins import PUK, SO_PIN, USER_PIN
from lockwright.explain import encode_rules
from lockwright.models import PinState, PinStatus, Token, TokenState
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

_STATUS: dict[str, Callable[[TokenState], PinStatus | None]] = {
    USER_PIN: lambda state: state.user_pin,
    SO_PIN: lambda state: state.so_pin,
    PUK: lambda state: state.puk,
}
"""How a PIN stands, by what it is called."""


class Guard:
    """Wraps every hook that logs in or sets a PIN.

    What opens or ends a Request is left alone: while one is open, nothing may be read from the
    token, so the operation has judged it before.

    Args:
        state: reads a token's state again.
        policy: the effective policy for a token.
        use_last_try: spend the last try of a PIN anyway.
    """

    def __init__(
        self,
        state: Callable[[Token], TokenState],
        policy: Callable[[Token], PinPolicy],
        *,
        use_last_try: bool,
    ) -> None:
        self._state = state
        self._policy = policy
        self._use_last_try = use_last_try
        for hook, declared in hooks.HOOKS.items():
            if (declared.spends or declared.sets) and declared.request is None:
                setattr(self, hook, wrapping(declared, partial(self._before, declared)))

    def _before(self, declared: Declared, arguments: Arguments) -> Wrapping:
        token = cast("Token", arguments["token"])
        if declared.sets and arguments[declared.sets] is not None:
            self._check_new(token, cast("Secret", arguments[declared.sets]))
        role = declared.spends and declared.spends.role_in(arguments)
        if role:
            spare(_STATUS[role](self._state(token)), role, use_last_try=self._use_last_try)
        return (yield)

    def _check_new(self, token: Token, pin: Secret) -> None:
        about = (token.serial, token.identity.label)
        if broken := self._policy(token).check(pin, about=about):
            raise PinRefused(rules=encode_rules(broken))


def spare(status: PinStatus | None, role: str, *, use_last_try: bool) -> None:
    """Refuse what would be in vain, or would spend the last try.

    Raises:
        PinLocked: it is locked.
        LastTry: one try is left, and that is not to be spent.
    """
    if status is None:
        return
    if status.state is PinState.LOCKED:
        raise PinLocked(role=role)
    if status.state is PinState.FINAL_TRY and not use_last_try:
        raise LastTry(role=role)
