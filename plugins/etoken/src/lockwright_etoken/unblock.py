"""A remote unblock from Request to Response, in one session that stays open between them."""

from __future__ import annotations

from contextlib import suppress
from ctypes import byref, c_ulong, create_string_buffer
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from lockwright.adapter import refusal
from lockwright.errors import (
    LockwrightError,
    NotSupported,
    PinLocked,
    PinRefusedByToken,
    RequestVoid,
    ResponseWrong,
    TokenRefused,
    TokenRemoved,
)
from lockwright.i18n import N_
from lockwright.models import Challenge, PinState, Token
from lockwright.pkcs11 import standard
from lockwright.pkcs11.constants import CKR, ckr_name
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Module, Session
from lockwright.pkcs11.standard.open_sessions import OpenSessions
from lockwright.secret import Secret

from lockwright_etoken import features, pins
from lockwright_etoken.functions import (
    COMPLETE,
    GET_CHALLENGE,
    Extended,
    Info,
    error_info,
    functions,
)
from lockwright_etoken.state import unblocks_left, why_no_requests

RESPONSE_LENGTH = 8
"""The library eTSAPI of the same vendor gives a Response eight bytes of room."""
FACTORY_RETRIES = 15
"""Tries of a user's password as tokens are delivered (help of SafeNet Authentication Client 8)."""
ADMINISTRATOR = N_("administrator's password or key")
RESPONSE = N_("Response")
NO_ADMINISTRATOR = N_("unblock by Request and Response: it has no administrator")
NONE_LEFT = N_("unblock its PIN once more: no unblocks are left")
_NOT_TO_BE_CHANGED = 0
"""CK_FALSE: nobody but its owner has seen the new PIN."""
_ACTION = N_("unblock the PIN with the Response")
_NO_REQUEST = N_("the token waits for no Response")
_COSTS = {
    True: ResponseWrong.usual_cost,
    False: N_("No try was spent, but the Request is void."),
    None: N_("The Request is void; whether a try was spent is not known."),
}
"""By whether a try of the administrator's was spent."""
_STATES = {0: PinState.LOCKED.value, 1: PinState.FINAL_TRY.value}
_REMOVED = {CKR.DEVICE_REMOVED, CKR.TOKEN_NOT_PRESENT, CKR.SESSION_HANDLE_INVALID}
_REASONS_NOT_TO = {
    Extended.HASNO_ADMIN_PASSWORD: NO_ADMINISTRATOR,
    Extended.TOO_MANY_UNBLOCKS: NONE_LEFT,
}


@dataclass(frozen=True, slots=True)
class _Before:
    """The token's state when the Request was made; between Request and Response nobody asks."""

    retries: int
    so_tries: int | None


_open_sessions = OpenSessions()
_before: WeakKeyDictionary[Session, _Before] = WeakKeyDictionary()


@standard.translated(N_("make a Request"))
def begin(module: Module, token: Token) -> Challenge:
    """Make a Request and keep its session open.

    Raises:
        NotSupported: this token makes none; it says why where the token tells.
        TokenRemoved: the token is gone, or was inserted anew since it was found.
    """
    slot = standard.locate(module, token).slot
    if slot != token.identity.slot:
        raise TokenRemoved(serial=token.serial)
    session = _open_sessions.open(module, slot)
    try:
        known = features.told(session)
        _refuse(module, known)
        data = _challenge(module, session)
    except BaseException:
        _open_sessions.drop(module, slot)
        raise
    _before[session] = _Before(known.retry_user_max or FACTORY_RETRIES, known.retry_so)
    return Challenge(token.serial, data, RESPONSE_LENGTH)


@standard.translated(_ACTION)
def complete(module: Module, token: Token, response: Secret, new_pin: Secret | None) -> None:
    """Give the Response and the new PIN; whatever comes of it, the Request is used up.

    Raises:
        ResponseWrong, PinLocked, PinRefusedByToken, RequestVoid: as the token answers.
        NotSupported: to keep the PIN was asked for.
    """
    session = _open_sessions.take(module, token.identity.slot)
    if session is None:
        raise RequestVoid(reason=_NO_REQUEST)
    with session:
        if new_pin is None:
            raise NotSupported(operation=N_("unblock and keep the user PIN"))
        failure = _complete(module, session, response, new_pin, token.serial)
    if failure is not None:
        raise failure


def cancel(module: Module, token: Token) -> None:
    """Give the Request up: the first thing that is asked of the token voids it."""
    _open_sessions.drop(module, token.identity.slot)
    with suppress(CkrError):
        module.token(token.identity.slot)


def _refuse(module: Module, known: features.Told) -> None:
    """Say what stands against an unblock before a Request is made."""
    if reason := why_no_requests(module, known):
        raise refusal("unblock_challenge", reason)
    if unblocks_left(module, known) == 0:
        raise NotSupported(operation=NONE_LEFT)


def _challenge(module: Module, session: Session) -> bytes:
    """``ETC_UnlockGetChallenge``: first the length, then the challenge."""
    call, length = functions(module.path).call, c_ulong()
    rv = call(GET_CHALLENGE, session.handle, None, byref(length))
    if rv == CKR.OK:
        room = create_string_buffer(length.value)
        rv = call(GET_CHALLENGE, session.handle, room, byref(length))
        if rv == CKR.OK:
            return room.raw[: length.value]
    extended = error_info(module.path, Info.EXTENSION)
    if extended in _REASONS_NOT_TO:
        raise NotSupported(operation=_REASONS_NOT_TO[Extended(extended)], ckr=rv)
    raise CkrError(rv, GET_CHALLENGE)


def _complete(
    module: Module, session: Session, response: Secret, new_pin: Secret, serial: str
) -> LockwrightError | None:
    before = _before[session]
    rv = functions(module.path).call(
        COMPLETE,
        session.handle,
        response,
        len(response),
        new_pin,
        len(new_pin),
        before.retries,
        _NOT_TO_BE_CHANGED,
    )
    if rv == CKR.OK:
        return None
    if rv in _REMOVED:
        return TokenRemoved(serial=serial, ckr=rv)
    extended = error_info(module.path, Info.EXTENSION)
    why = pins.reasons(module.path, session)
    if extended in _REASONS_NOT_TO:
        return NotSupported(operation=_REASONS_NOT_TO[Extended(extended)], ckr=rv)
    return _failure(session, before, rv, why)


def _failure(session: Session, before: _Before, rv: int, why: tuple[str, ...]) -> LockwrightError:
    """What a return value means, by the administrator's tries where they are told.

    Which values a token gives for a wrong Response, for a weak PIN, and when it waits for no
    Response is not public.
    """
    if rv == CKR.PIN_LOCKED:
        return PinLocked(role=ADMINISTRATOR, ckr=rv)
    left = features.told(session).retry_so
    spent = None if before.so_tries is None or left is None else left < before.so_tries
    if not spent and (why or rv in pins.REFUSALS):
        reason = why or pins.REFUSALS[rv]
        return PinRefusedByToken(reason=reason, ckr=rv, cost=_COSTS[spent])
    if spent or rv == CKR.PIN_INCORRECT:
        state = _STATES.get(left) if left is not None else None
        return ResponseWrong(
            role=RESPONSE, tries_left=left, state=state, ckr=rv, cost=_COSTS[spent]
        )
    if rv == CKR.OPERATION_NOT_INITIALIZED:
        return RequestVoid(reason=_NO_REQUEST, ckr=rv)
    return TokenRefused(action=_ACTION, name=ckr_name(rv), ckr=rv, cost=_COSTS[spent])
