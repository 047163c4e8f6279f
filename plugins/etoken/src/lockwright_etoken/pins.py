"""A new PIN, and the rules by which the token refuses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ctypes import byref
from pathlib import Path
from types import MappingProxyType

from lockwright.adapter import refusal
from lockwright.errors import LockwrightError, PinIncorrect, PinRefusedByToken
from lockwright.i18n import N_
from lockwright.models import Token, UnblockWay
from lockwright.pkcs11 import standard
from lockwright.pkcs11.constants import CKR
from lockwright.pkcs11.session import Module, Session
from lockwright.secret import Secret

from lockwright_etoken.functions import SESSION_INFO, Info, SessionInfo, error_info, functions

REFUSALS: Mapping[int, str] = MappingProxyType(
    {
        CKR.PIN_INVALID: N_("it breaks the token's own rules"),
        CKR.PIN_LEN_RANGE: N_("it is too short or too long for the token"),
        CKR.PIN_EXPIRED: N_("it breaks the token's own rules"),
    }
)
"""Return values for a PIN that is not good enough, as LinOTP's client handles them for eToken."""

START_KEY = N_("it asks for an initialization key of its own")

_REASONS = {
    0x1: N_("it is too short"),
    0x2: N_("it has too few kinds of characters"),
    0x8: N_("the present one was set too short a time ago"),
    0x20: N_("it was used before"),
    0x100: N_("too many equal characters follow each other"),
    0x200: N_("digits are forbidden"),
    0x400: N_("upper-case letters are forbidden"),
    0x800: N_("lower-case letters are forbidden"),
    0x1000: N_("special characters are forbidden"),
    0x2000: N_("it has no digit"),
    0x4000: N_("it has no upper-case letter"),
    0x8000: N_("it has no lower-case letter"),
    0x10000: N_("it has no special character"),
    0x20000: N_("it is too long"),
}
"""ETCKPP_...: the rules that a new PIN can break; the other bits are of the PIN it replaces."""


@standard.translated(N_("set a new user PIN"))
def unblock(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    """Set a new user PIN with the administrator's password or key, as the vendor's program does.

    Raises:
        PinIncorrect, PinLocked: the password is wrong or locked.
        PinRefusedByToken: the token does not take the new PIN.
        NotSupported: another way was asked for, or to keep the PIN.
    """
    pin = standard.pin_to_set(way, UnblockWay.SO_PIN, new_pin)
    with standard.so_session(module, token, secret) as session:
        refusal = _set(module, session, session.init_pin, pin)
    if refusal is not None:
        raise refusal


@standard.translated(N_("change the user PIN"))
def change(module: Module, token: Token, pin: Secret, new_pin: Secret) -> None:
    """Change the user PIN by its owner.

    Raises:
        PinIncorrect, PinLocked: the PIN is wrong or locked.
        PinRefusedByToken: the token does not take the new PIN.
    """
    with standard.user_session(module, token, pin) as session:
        refusal = _set(module, session, session.set_pin, pin, new_pin)
    if refusal is not None:
        raise refusal


def init(module: Module, token: Token, so_pin: Secret, label: str) -> None:
    """Initialise it, once its administrator's password was tried.

    ``C_InitToken`` of a classic eToken asks for no old password (Hard Token Management Framework:
    "no SO PIN required"): what it is given becomes the new one, a mistyped one, too.

    Raises:
        PinIncorrect, PinLocked: the password is wrong or locked; nothing is gone.
        PinRefusedByToken: a token without an administrator does not take this password.
        NotOffered: it has an initialization key of its own.
    """
    if not token.lacks_so_pin:
        with standard.so_session(module, token, so_pin):
            pass
    try:
        standard.init(module, token, so_pin, label)
    except (PinIncorrect, PinRefusedByToken) as error:
        # LinOTP's client: 0xA0 is a wrong initialization key, which this call cannot be given.
        if error.ckr != CKR.PIN_INCORRECT:
            raise
    else:
        return
    raise refusal("init", START_KEY)


@standard.translated(N_("change the SO PIN"))
def change_so(module: Module, token: Token, so_pin: Secret, new_so_pin: Secret) -> None:
    """Change the administrator's password, logged in with it (``C_SetPIN``).

    Raises:
        PinIncorrect, PinLocked: the password is wrong or locked.
        PinRefusedByToken: the token does not take the new one.
    """
    standard.change_so_pin(module, token, so_pin, new_so_pin, REFUSALS)


def reasons(path: Path, session: Session) -> tuple[str, ...]:
    """Every rule that the PIN of the last call broke; to be asked right after it.

    ``ETC_GetErrorInfo`` says it, and where that is missing the session's ulDeviceError.
    """
    bits = error_info(path, Info.PIN_POLICY)
    if bits in {0, CKR.ARGUMENTS_BAD}:  # which the function returns where it fails
        bits = _device_error(path, session)
    return tuple(reason for bit, reason in _REASONS.items() if bits & bit)


def _set(
    module: Module, session: Session, setter: Callable[..., None], *pins: Secret
) -> LockwrightError | None:
    refusal = standard.pin_refusal(setter, *pins, refusals=REFUSALS)
    if isinstance(refusal, PinRefusedByToken) and (why := reasons(module.path, session)):
        return PinRefusedByToken(reason=why, ckr=refusal.ckr)
    return refusal


def _device_error(path: Path, session: Session) -> int:
    info = SessionInfo()
    if not functions(path).has(SESSION_INFO):
        return 0
    failed = functions(path).call(SESSION_INFO, session.handle, byref(info))
    return 0 if failed else int(info.device_error)
