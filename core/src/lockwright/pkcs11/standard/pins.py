"""Set a new user PIN, by its owner or by the security officer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType

from lockwright.errors import NotSupported, PinExpired, PinIncorrect, PinRefusedByToken
from lockwright.errors.pins import USER_PIN
from lockwright.i18n import N_, _
from lockwright.models import Token, UnblockWay
from lockwright.pkcs11.constants import CKR
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Module
from lockwright.pkcs11.standard.sessions import (
    so_session,
    token_session,
    translated,
    user_session,
)
from lockwright.secret import Secret

_NO_OTHERS: Mapping[int, str] = MappingProxyType({})
REFUSALS: Mapping[int, str] = {
    CKR.PIN_LEN_RANGE: N_("it is too short or too long for the token"),
    CKR.PIN_INVALID: N_("it breaks the token's own rules"),
    CKR.PIN_TOO_WEAK: N_("it is too easy to guess for the token"),
}
"""Return values for a new PIN that a token does not take, and why."""


@translated(N_("set a new user PIN"))
def unblock(
    module: Module,
    token: Token,
    way: UnblockWay,
    secret: Secret,
    new_pin: Secret | None,
    refusals: Mapping[int, str] = _NO_OTHERS,
) -> None:
    """Set a new user PIN with the SO PIN, which also resets its counter.

    Args:
        module: the session port.
        token: the token.
        way: only ``SO_PIN``; PKCS#11 knows no other.
        secret: the SO PIN.
        new_pin: the user PIN to set.
        refusals: the vendor's own return values for a PIN it does not take, and why.

    Raises:
        PinIncorrect, PinLocked: the SO PIN is wrong or locked.
        PinRefusedByToken: the token does not take the new PIN.
        NotSupported: another way was asked for, or to keep the PIN.
    """
    pin = pin_to_set(way, UnblockWay.SO_PIN, new_pin)
    with so_session(module, token, secret) as session:
        refusal = pin_refusal(session.init_pin, pin, refusals=refusals)
    if refusal is not None:
        raise refusal


def pin_to_set(way: UnblockWay, only: UnblockWay, new_pin: Secret | None) -> Secret:
    """The PIN to set, on a token that is unblocked in one way only and then gets a new PIN.

    Raises:
        NotSupported: another way was asked for, or to keep the PIN.
    """
    if way is not only:
        raise NotSupported(operation=_("unblock by {}").format(way.value))
    if new_pin is None:
        raise NotSupported(operation=N_("unblock and keep the user PIN"))
    return new_pin


@translated(N_("change the user PIN"))
def change_pin(
    module: Module,
    token: Token,
    pin: Secret,
    new_pin: Secret,
    refusals: Mapping[int, str] = _NO_OTHERS,
) -> None:
    """Change the user PIN by its owner.

    Args:
        module: the session port.
        token: the token.
        pin: the user PIN as it is.
        new_pin: the user PIN to set.
        refusals: the vendor's own return values for a PIN it does not take, and why.

    Raises:
        PinIncorrect, PinLocked: the PIN is wrong or locked.
        PinRefusedByToken: the token does not take the new PIN.
    """
    refusal = _changed(module, token, pin, new_pin, refusals)
    if refusal is not None:
        raise refusal


def _changed(
    module: Module, token: Token, pin: Secret, new_pin: Secret, refusals: Mapping[int, str]
) -> PinRefusedByToken | PinIncorrect | None:
    """Log in and change it; a PIN that lets nobody in before it is changed needs no login.

    PKCS#11 2.40, ``C_SetPIN``: in a session where nobody is logged in it changes the user's PIN. So
    it is where the token has a pad, which asks for the old PIN and twice for the new one by itself.
    """
    if token.identity.pin_pad and not pin and not new_pin:
        with token_session(module, token) as session:
            return pin_refusal(session.set_pin, pin, new_pin, refusals=refusals)
    with suppress(PinExpired), user_session(module, token, pin) as session:
        return pin_refusal(session.set_pin, pin, new_pin, refusals=refusals)
    with token_session(module, token) as session:
        return pin_refusal(session.set_pin, pin, new_pin, refusals=refusals)


def pin_refusal(
    setter: Callable[..., None],
    *pins: Secret,
    refusals: Mapping[int, str] = _NO_OTHERS,
    role: str = USER_PIN,
) -> PinRefusedByToken | PinIncorrect | None:
    """Set a PIN; how the token turned it down, or None once it is set.

    It is returned, for the caller to raise where no frame of a binding hangs on it.

    Args:
        setter: sets the PIN, such as ``session.init_pin``.
        pins: its arguments.
        refusals: the vendor's own return values for a PIN it does not take, and why.
        role: what the PIN is called.
    """
    reasons = {**REFUSALS, **refusals}
    try:
        setter(*pins)
    except CkrError as error:
        value = error.value
        if value not in reasons and value != CKR.PIN_INCORRECT:
            raise
    else:
        return None
    if value == CKR.PIN_INCORRECT:
        return PinIncorrect(role=role, tries_left=None, state=None, ckr=value)
    return PinRefusedByToken(reason=reasons[value], ckr=value)
