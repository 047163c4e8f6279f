"""From PKCS#11 return values to errors of lockwright: the one place that knows both."""

from __future__ import annotations

from lockwright.errors import (
    LockwrightError,
    NotSupported,
    PinLocked,
    PinNotSet,
    TokenBusy,
    TokenFull,
    TokenRefused,
    TokenRemoved,
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
_FULL = {CKR.DEVICE_MEMORY}
_UNSUPPORTED = {CKR.FUNCTION_NOT_SUPPORTED, CKR.MECHANISM_INVALID}
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
    if value in _REMOVED:
        return TokenRemoved(serial=serial, ckr=value)
    if value in _FULL:
        return TokenFull(serial=serial, could_go=(), ckr=value)
    if value in _UNSUPPORTED:
        return NotSupported(operation=action, ckr=value)
    if value in _BUSY:
        return TokenBusy(ckr=value)
    if value == CKR.PIN_LOCKED:
        return PinLocked(role=N_("user PIN"), ckr=value)
    if value == CKR.USER_PIN_NOT_INITIALIZED:
        return PinNotSet(ckr=value)
    return TokenRefused(action=action, name=ckr_name(value), ckr=value)
