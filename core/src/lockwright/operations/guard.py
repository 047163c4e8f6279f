"""What stands before every login: the policy for a new PIN, and care for the last try.

It is a plugin like any other: it wraps the hooks, so a PIN that is refused here never reaches the
token, and costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from lockwright.adapter import hookimpl
from lockwright.errors import LastTry, PinLocked, PinRefused
from lockwright.explain import encode_rules
from lockwright.i18n import N_
from lockwright.models import PinState, PinStatus, Token, TokenState, UnblockWay
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

USER_PIN = N_("user PIN")
SO_PIN = N_("SO PIN")
PUK = N_("PUK")

Wrapping = Generator[None, object, object]


class Guard:
    """Wraps every hook that logs in or sets a PIN.

    Args:
        state: reads a token's state afresh.
        policy: the effective policy for a token.
        use_last_try: spend the last try of a PIN all the same.
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

    @hookimpl(wrapper=True)
    def lockwright_list(self, token: Token, pin: Secret | None) -> Wrapping:
        """Listing with a PIN spends a try like any login."""
        if pin is not None:
            self._spare_user_pin(token)
        return (yield)

    @hookimpl(wrapper=True)
    def lockwright_unblock(self, token: Token, way: UnblockWay, new_pin: Secret | None) -> Wrapping:
        """The new PIN is good, and neither SO PIN nor PUK is on its last try."""
        if new_pin is not None:
            self._check_new(token, new_pin)
        if way is UnblockWay.SO_PIN:
            self._spare(self._state(token).so_pin, SO_PIN)
        if way is UnblockWay.PUK:
            self._spare(self._state(token).puk, PUK)
        return (yield)

    @hookimpl(wrapper=True)
    def lockwright_change_pin(self, token: Token, new_pin: Secret) -> Wrapping:
        """The new PIN is good, and the old one is not on its last try."""
        self._check_new(token, new_pin)
        self._spare_user_pin(token)
        return (yield)

    @hookimpl(wrapper=True)
    def lockwright_delete(self, token: Token) -> Wrapping:
        """The PIN is not on its last try."""
        self._spare_user_pin(token)
        return (yield)

    @hookimpl(wrapper=True)
    def lockwright_wipe(self, token: Token) -> Wrapping:
        """The PIN is not on its last try."""
        self._spare_user_pin(token)
        return (yield)

    @hookimpl(wrapper=True)
    def lockwright_erase(self, token: Token) -> Wrapping:
        """The SO PIN is not on its last try."""
        self._spare(self._state(token).so_pin, SO_PIN)
        return (yield)

    @hookimpl(wrapper=True)
    def lockwright_generate(self, token: Token) -> Wrapping:
        """The PIN is not on its last try."""
        self._spare_user_pin(token)
        return (yield)

    @hookimpl(wrapper=True)
    def lockwright_keys(self, token: Token) -> Wrapping:
        """The PIN is not on its last try."""
        self._spare_user_pin(token)
        return (yield)

    @hookimpl(wrapper=True)
    def lockwright_sign(self, token: Token) -> Wrapping:
        """The PIN is not on its last try."""
        self._spare_user_pin(token)
        return (yield)

    @hookimpl(wrapper=True)
    def lockwright_store(self, token: Token) -> Wrapping:
        """The PIN is not on its last try."""
        self._spare_user_pin(token)
        return (yield)

    def _check_new(self, token: Token, pin: Secret) -> None:
        about = (token.serial, token.identity.label)
        if broken := self._policy(token).check(pin, about=about):
            raise PinRefused(rules=encode_rules(broken))

    def _spare_user_pin(self, token: Token) -> None:
        self._spare(self._state(token).user_pin, USER_PIN)

    def _spare(self, status: PinStatus | None, role: str) -> None:
        spare(status, role, use_last_try=self._use_last_try)


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
