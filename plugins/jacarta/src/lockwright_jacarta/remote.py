"""A remote unblock from Request to Response, the same for every applet."""

from __future__ import annotations

from contextlib import suppress
from weakref import WeakKeyDictionary

from lockwright.errors import (
    LockwrightError,
    NotSupported,
    PinLocked,
    PinRefusedByToken,
    RequestVoid,
    ResponseWrong,
    TokenRemoved,
)
from lockwright.i18n import N_
from lockwright.models import Challenge, PinState, Token
from lockwright.pkcs11 import standard
from lockwright.pkcs11.constants import CKR
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Module, Session
from lockwright.pkcs11.standard.open_sessions import OpenSessions
from lockwright.secret import Secret

from lockwright_jacarta.applets import AppletModule
from lockwright_jacarta.functions import JcRv
from lockwright_jacarta.pin_refusals import NONE_LEFT, REFUSALS

ADMINISTRATOR = N_("administrator's key")
RESPONSE = N_("Response")
_NOT_COUNTED = N_("No try was spent, but the Request is void.")
_PERHAPS_COUNTED = N_("The Request is void; whether a try was spent is not known.")
_REMOVED = {CKR.DEVICE_REMOVED, CKR.TOKEN_NOT_PRESENT, CKR.SLOT_ID_INVALID}
_STATES = {0: PinState.LOCKED, 1: PinState.FINAL_TRY}

_open_sessions = OpenSessions()
_tries: WeakKeyDictionary[Session, int] = WeakKeyDictionary()
"""The administrator's tries left when the Request of a session was made, if reported."""


def begin(module: Module, token: Token, applet: AppletModule) -> Challenge:
    """Make a Request and keep a session open, so that the module keeps the card.

    Raises:
        NotSupported: this token makes none.
        TokenRemoved: the token is gone, or was inserted anew since it was found.
    """
    slot = standard.locate(module, token).slot
    if slot != token.identity.slot:
        raise TokenRemoved(serial=token.serial)
    session = _open_sessions.open(module, slot)
    try:
        tries = applet.admin_tries(module, slot)
        data = applet.challenge(module, slot)
    except BaseException:
        _open_sessions.drop(module, slot)
        raise
    if tries is not None:
        _tries[session] = tries
    return Challenge(token.serial, data, applet.RESPONSE_LENGTH)


def complete(
    module: Module, token: Token, applet: AppletModule, response: Secret, new_pin: Secret | None
) -> None:
    """Give the Response; whatever comes of it, the Request is used up.

    Raises:
        ResponseWrong, PinLocked, PinRefusedByToken, RequestVoid: as the token answers.
    """
    slot = token.identity.slot
    session = _open_sessions.take(module, slot)
    if session is None:
        raise RequestVoid(reason=N_("the token waits for no Response"))
    with session:
        try:
            applet.complete(module, session, slot, response, new_pin)
        except CkrError as error:
            rv, function = error.value, error.function
        else:
            return
        failure = _failure(module, applet, slot, rv, _tries.get(session))
        if rv in _REMOVED or _is_dead(session):
            failure = TokenRemoved(serial=token.serial, ckr=rv)
    raise failure or CkrError(rv, function)


def cancel(module: Module, token: Token) -> None:
    """Give the Request up: the first thing that is asked of the token voids it."""
    _open_sessions.drop(module, token.identity.slot)
    with suppress(CkrError):
        module.token(token.identity.slot)


def _is_dead(session: Session) -> bool:
    """Whether the session ended with its token: functions by slot do not tell."""
    try:
        session.logout()
    except CkrError:
        return True
    return False


def _failure(
    module: Module, applet: AppletModule, slot: int, rv: int, before: int | None
) -> LockwrightError | None:
    """What a return value means, by the administrator's tries where they are told.

    Which values a token gives for a wrong Response and for none that it waits for is not public.
    """
    if rv == CKR.PIN_LOCKED:
        return PinLocked(role=ADMINISTRATOR, ckr=rv)
    after = applet.admin_tries(module, slot)
    counted = None if before is None or after is None else after < before
    if counted or (counted is None and rv == CKR.PIN_INCORRECT):
        state = _STATES.get(after) if after is not None else None
        cost = ResponseWrong.usual_cost if counted else _PERHAPS_COUNTED
        return ResponseWrong(role=RESPONSE, tries_left=after, state=state, ckr=rv, cost=cost)
    if rv in REFUSALS:
        cost = _PERHAPS_COUNTED if counted is None else _NOT_COUNTED
        return PinRefusedByToken(reason=REFUSALS[rv], ckr=rv, cost=cost)
    if rv == JcRv.CANNOT_UNLOCK and applet.unblocks_left(module, slot) == 0:
        return NotSupported(operation=NONE_LEFT, ckr=rv)
    if rv in {JcRv.CANNOT_UNLOCK, CKR.PIN_INCORRECT}:
        return RequestVoid(reason=N_("the token waits for no Response"), ckr=rv)
    return None
