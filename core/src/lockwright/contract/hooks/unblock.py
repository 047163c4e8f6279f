"""The hooks that give access back, on the client's side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.contract import audit_facts
from lockwright.contract.audit_facts import NOTHING_RECORDED, Of
from lockwright.contract.declaration import RequestEffect, Spent, hook
from lockwright.errors.pins import PUK, SO_PIN
from lockwright.i18n import N_
from lockwright.models import Challenge, Token, UnblockWay
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.pkcs11.session import Module

_BY_WAY = {UnblockWay.SO_PIN: SO_PIN, UnblockWay.PUK: PUK}

# --- unblock ------------------------------------------------------------------------------------


@hook(
    doing=N_("unblock the PIN"),
    without=lambda able: able.without_ways(UnblockWay.SO_PIN, UnblockWay.PUK),
    changes=True,
    spends=Spent("secret", _BY_WAY, chosen_by="way"),
    sets="new_pin",
    records={
        "way": Of("way", audit_facts.name_of),
        "sets_pin": Of("new_pin", audit_facts.is_given),
    },
)
def lockwright_unblock(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    """Give access back to a token whose user PIN is lost, with a secret that is at hand.

    Args:
        module: the session port.
        token: the token.
        way: ``SO_PIN`` or ``PUK``.
        secret: the SO PIN or the PUK.
        new_pin: the user PIN to set, already checked against the policy; None keeps the PIN and
            resets its counter, where the token can do that.

    Raises:
        PinIncorrect, PinLocked: the SO PIN or PUK is wrong or locked. It must not try twice.
        PinRefusedByToken: the token does not take the new PIN.
        NotSupported: this token is not unblocked this way.
    """


@hook(
    doing=N_("make a Request"),
    without=lambda able: able.without_ways(UnblockWay.CHALLENGE),
    changes=True,
    records=NOTHING_RECORDED,
    tells=audit_facts.request,
    request=RequestEffect.OPENS,
)
def lockwright_unblock_challenge(module: Module, token: Token) -> Challenge:  # type: ignore[empty-body]
    """Begin a remote unblock: make the token give a Request and keep it open.

    Args:
        module: the session port.
        token: the token.

    Returns:
        The Request. From here to ``complete`` or ``cancel`` nothing else may touch the token.

    Raises:
        NotSupported: this token is not unblocked by Request and Response.
    """


@hook(
    doing=N_("unblock the PIN with the Response"),
    without=lambda able: able.without_ways(UnblockWay.CHALLENGE),
    changes=True,
    spends=Spent("response", SO_PIN),
    sets="new_pin",
    records=NOTHING_RECORDED,
    request=RequestEffect.ENDS,
)
def lockwright_unblock_complete(
    module: Module, token: Token, response: Secret, new_pin: Secret | None
) -> None:
    """End a remote unblock with the bank's Response.

    Args:
        module: the session port.
        token: the token.
        response: the Response as bytes, its form already checked.
        new_pin: the user PIN to set, already checked against the policy; None keeps the PIN and
            resets its counter, where the token can do that.

    Raises:
        PinIncorrect: the Response is wrong; the Request is void. ``tries_left`` and ``state`` are
            the administrator's, where they can be read.
        PinRefusedByToken: the token does not take the new PIN; the Request is void.
        RequestVoid: the token holds no Request open any more.
    """


@hook(
    doing=N_("cancel the Request"),
    changes=True,
    records=NOTHING_RECORDED,
    request=RequestEffect.ENDS,
)
def lockwright_unblock_cancel(module: Module, token: Token) -> None:
    """Give up a remote unblock; the Request is void.

    It does nothing where no Request is open: after a failure it is called to be sure of that.

    Args:
        module: the session port.
        token: the token.
    """
