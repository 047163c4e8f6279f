"""Give access back to a token, and change its PIN."""

from __future__ import annotations

from lockwright.calls import Calls
from lockwright.errors import NotSupported
from lockwright.i18n import N_
from lockwright.models import PinStatus, Token, UnblockWay
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

_WAYS = {
    UnblockWay.SO_PIN: N_("unblock with the SO PIN"),
    UnblockWay.PUK: N_("unblock with a PUK"),
    UnblockWay.CHALLENGE: N_("unblock by Request and Response"),
    UnblockWay.TIMEOUT: N_("unblock by waiting"),
}


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
    can = token.state.capabilities
    if way not in (can.unblock_keeps_pin if new_pin is None else can.unblock_sets_pin):
        raise NotSupported(operation=_WAYS[way], adapter=token.adapter)
    calls.unblock(token, way, secret, new_pin)
    return calls.state(token).user_pin


def effective_policy(calls: Calls, token: Token, bank: PinPolicy) -> PinPolicy:
    """The stricter of the bank's policy and the token's, its PIN lengths in bytes included."""
    own = calls.policy(token)
    if token.state.pin_lengths is not None:
        shortest, longest = token.state.pin_lengths
        own = own.stricter(PinPolicy(min_bytes=shortest, max_bytes=longest or None))
    return bank.stricter(own)
