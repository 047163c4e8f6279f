"""From PKCS#11 return values to errors of lockwright: the one place that knows both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from lockwright.errors import (
    LockwrightError,
    ModuleNotReady,
    NotSupported,
    PinLocked,
    PinNotEntered,
    PinNotSet,
    TokenBusy,
    TokenFull,
    TokenRefused,
    TokenRemoved,
    TokenWriteProtected,
)
from lockwright.i18n import N_
from lockwright.pkcs11.constants import CKR, ckr_name


class CkrError(Exception):
    """A module answered with something else than ``CKR_OK``.

    Args:
        value: the return value.
        function: the PKCS#11 function, such as ``C_Login``.
    """

    def __init__(self, value: int, function: str) -> None:
        super().__init__(f"{function}: {ckr_name(value)}")
        self.value = value
        self.function = function


_REMOVED = {CKR.DEVICE_REMOVED, CKR.TOKEN_NOT_PRESENT, CKR.SLOT_ID_INVALID, CKR.SESSION_CLOSED}
LOST = _REMOVED | {
    CKR.TOKEN_NOT_RECOGNIZED,
    CKR.SESSION_HANDLE_INVALID,
    CKR.CRYPTOKI_NOT_INITIALIZED,
    CKR.HOST_MEMORY,
}
"""Answers after which a session gives nothing more, whatever it is asked for."""
_FULL = {CKR.DEVICE_MEMORY}
_UNSUPPORTED = {CKR.FUNCTION_NOT_SUPPORTED, CKR.MECHANISM_INVALID}
_ASK_ON_A_PAD = {"C_Login", "C_InitPIN", "C_InitToken", "C_SetPIN"}
_NOT_ENTERED = {CKR.FUNCTION_CANCELED, CKR.CANCEL}
_BUSY = {CKR.SESSION_EXISTS, CKR.SESSION_COUNT, CKR.SESSION_READ_ONLY_EXISTS}


def explain(error: CkrError, *, action: str, serial: str) -> LockwrightError:
    """The error of lockwright that a return value means while doing something.

    Wrong PINs are not distinguished here: what a ``CKR_PIN_INCORRECT`` means depends on whose PIN
    it was, which ``lockwright.pkcs11.standard.pins`` knows.

    Args:
        error: what the module answered.
        action: what was being done, an English verb phrase such as ``store a certificate``.
        serial: serial number of the token.
    """
    value = error.value
    known: Mapping[int, Callable[[], LockwrightError]] = {
        **dict.fromkeys(_REMOVED, lambda: TokenRemoved(serial=serial, ckr=value)),
        **dict.fromkeys(_FULL, lambda: TokenFull(serial=serial, could_go=(), ckr=value)),
        **dict.fromkeys(_UNSUPPORTED, lambda: NotSupported(operation=action, ckr=value)),
        **dict.fromkeys(_BUSY, lambda: TokenBusy(ckr=value)),
        CKR.TOKEN_WRITE_PROTECTED: lambda: TokenWriteProtected(serial=serial, ckr=value),
        CKR.PIN_LOCKED: lambda: PinLocked(role=N_("user PIN"), ckr=value),
        CKR.USER_PIN_NOT_INITIALIZED: lambda: PinNotSet(ckr=value),
    }
    if value in known:
        return known[value]()
    if value in _NOT_ENTERED and error.function in _ASK_ON_A_PAD:
        return PinNotEntered(ckr=value)
    return TokenRefused(action=action, name=ckr_name(value), ckr=value)


def not_ready(module: Path, error: CkrError) -> ModuleNotReady:
    """The error of a module that loads, and then does not even show its slots.

    Args:
        module: absolute path of the module.
        error: what it answered.
    """
    return ModuleNotReady(module=str(module), reason=str(error), ckr=error.value)
