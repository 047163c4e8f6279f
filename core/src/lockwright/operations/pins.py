"""Give access back to a token, and change its PIN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lockwright.contract import hooks
from lockwright.contract.adapter_class import refusal
from lockwright.errors import NotSupported
from lockwright.explain import in_words
from lockwright.i18n import N_, _
from lockwright.models import PinStatus, Token, TokenState, UnblockWay
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.calls.adapters import Calls

_UNBLOCK = hooks.HOOKS["lockwright_unblock"]
_CHALLENGE = hooks.HOOKS["lockwright_unblock_challenge"]
_WAYS = {
    UnblockWay.SO_PIN: N_("unblock with the SO PIN"),
    UnblockWay.PUK: N_("unblock with a PUK"),
    UnblockWay.CHALLENGE: N_("unblock by Request and Response"),
    UnblockWay.TIMEOUT: N_("unblock by waiting"),
}
"""What a way does, as the end of a sentence."""
_WITH_PIN = {
    False: N_("{way} and set a new user PIN"),
    True: N_("{way} and keep the user PIN"),
}
"""The same with what becomes of the user PIN, by whether it is kept."""


def unblock(
    calls: Calls, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> PinStatus | None:
    """Give access back with a secret that is at hand.

    Args:
        calls: the contract.
        token: the token.
        way: ``SO_PIN`` or ``PUK``.
        secret: the SO PIN or the PUK.
        new_pin: the new user PIN; None keeps the old one, where the token can do that.

    Returns:
        The state of the user PIN afterwards.

    Raises:
        NotSupported: this token is not unblocked this way.
        PinRefused: the new PIN breaks the policy; the token was not touched.
        PinIncorrect, PinLocked, LastTry: the SO PIN or PUK does not open the token.
    """
    refuse_in_vain(token, token.state, way, keeps_pin=new_pin is None)
    calls(hooks.lockwright_unblock, token, way, secret, new_pin)
    return calls(hooks.lockwright_state, token).user_pin


def refuse_in_vain(token: Token, state: TokenState, way: UnblockWay, *, keeps_pin: bool) -> None:
    """Refuse a way to unblock that the token has not, or not any more.

    Args:
        token: the token.
        state: its state.
        way: the way asked for.
        keeps_pin: whether the user PIN is to stay as it is.

    Raises:
        NotSupported: it would be in vain.
    """
    can = state.capabilities
    ways = {False: can.unblock_sets_pin, True: can.unblock_keeps_pin}
    if way not in ways[keeps_pin]:
        hook = _CHALLENGE if way is UnblockWay.CHALLENGE else _UNBLOCK
        reason = can.not_offered.get(hook.short, "")
        failure: NotSupported = NotSupported(
            operation=_instead(way, ways, reason, keeps_pin=keeps_pin)
        )
        if reason and not any(ways.values()):
            failure = refusal(hook.short, reason)
        failure.adapter = token.adapter
        raise failure
    if state.user_pin is not None and state.user_pin.unblocks_left == 0:
        raise NotSupported(
            operation=N_("unblock its PIN once more: no unblocks are left"), adapter=token.adapter
        )


def _instead(
    way: UnblockWay, ways: Mapping[bool, frozenset[UnblockWay]], reason: str, *, keeps_pin: bool
) -> str:
    """What the token cannot do, why if that is known, and all that it can, to end a sentence."""
    operation = _(_WAYS[way])
    if way in ways[not keeps_pin]:
        operation = _(_WITH_PIN[keeps_pin]).format(way=operation)
    if reason:
        operation = f"{operation} ({in_words(reason)})"
    others = ", ".join(
        _(told).format(way=_(_WAYS[other]))
        for keeps, told in _WITH_PIN.items()
        for other in UnblockWay
        if other in ways[keeps]
    )
    if not others:
        return operation
    return _("{operation}; what it can do is: {others}").format(operation=operation, others=others)


def effective_policy(calls: Calls, token: Token, bank: PinPolicy) -> PinPolicy:
    """The stricter of the bank's policy and the token's, its PIN lengths in bytes included.

    A blank token has no rules yet but these lengths.
    """
    if not token.identity.initialized:
        return so_policy(token, bank)
    return so_policy(token, bank.stricter(calls(hooks.lockwright_policy, token)))


def so_policy(token: Token, bank: PinPolicy) -> PinPolicy:
    """The bank's policy, within the PIN lengths in bytes that hold for every PIN of a token."""
    if token.state.pin_lengths is None:
        return bank
    shortest, longest = token.state.pin_lengths
    return bank.stricter(PinPolicy(min_bytes=shortest, max_bytes=longest or None))
