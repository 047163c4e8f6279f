"""State of a PIN from the flags of ``CK_TOKEN_INFO``, which hold all that PKCS#11 tells."""

from __future__ import annotations

from lockwright.models import PinState, PinStatus
from lockwright.pkcs11.constants import CKF

_USER = (
    (CKF.USER_PIN_LOCKED, PinState.LOCKED),
    (CKF.USER_PIN_FINAL_TRY, PinState.FINAL_TRY),
    (CKF.USER_PIN_COUNT_LOW, PinState.COUNT_LOW),
    (CKF.USER_PIN_TO_BE_CHANGED, PinState.TO_BE_CHANGED),
)
_SO = (
    (CKF.SO_PIN_LOCKED, PinState.LOCKED),
    (CKF.SO_PIN_FINAL_TRY, PinState.FINAL_TRY),
    (CKF.SO_PIN_COUNT_LOW, PinState.COUNT_LOW),
    (CKF.SO_PIN_TO_BE_CHANGED, PinState.TO_BE_CHANGED),
)
_TRIES = {PinState.LOCKED: 0, PinState.FINAL_TRY: 1}
"""The only numbers that a flag says; any other is unknown."""


def user_pin_status(flags: int) -> PinStatus:
    """State of the user PIN."""
    if not flags & CKF.USER_PIN_INITIALIZED:
        return PinStatus(PinState.NOT_SET)
    return _first(flags, _USER)


def so_pin_status(flags: int) -> PinStatus:
    """State of the SO PIN."""
    return _first(flags, _SO)


def _first(flags: int, states: tuple[tuple[CKF, PinState], ...]) -> PinStatus:
    state = next((state for flag, state in states if flags & flag), PinState.OK)
    return PinStatus(state, tries_left=_TRIES.get(state))
