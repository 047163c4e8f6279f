"""Give a token an SO PIN and a label, and change that SO PIN."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lockwright.errors import LockwrightError, PinRefusedByToken
from lockwright.errors.pins import SO_PIN
from lockwright.i18n import N_
from lockwright.models import Token
from lockwright.pkcs11.constants import CKR, CKU
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Module
from lockwright.pkcs11.standard.pins import REFUSALS, pin_refusal
from lockwright.pkcs11.standard.sessions import locate, not_let_in, so_session, translated
from lockwright.secret import Secret

_NO_OTHERS: Mapping[int, str] = MappingProxyType({})


@translated(N_("be initialised"))
def init(module: Module, token: Token, so_pin: Secret, label: str) -> None:
    """Initialise a token (``C_InitToken``): everything on it is gone, and it has no user PIN.

    PKCS#11 2.40, ``C_InitToken``: a token that was initialised before compares the SO PIN, and a
    blank one takes it. No session may be open.

    Args:
        module: the session port.
        token: the token.
        so_pin: the SO PIN as it is; the first one, where the token has none.
        label: its label, of 32 bytes of UTF-8 at most.

    Raises:
        PinIncorrect, PinLocked: the SO PIN is wrong or locked; nothing is gone.
        PinRefusedByToken: a token that has none does not take this SO PIN.
        TokenBusy: a program has a session with it.
    """
    failure = _init(module, token, locate(module, token).slot, so_pin, label)
    if failure is not None:
        raise failure


def _init(
    module: Module, token: Token, slot: int, so_pin: Secret, label: str
) -> LockwrightError | None:
    try:
        module.init_token(slot, so_pin, label)
    except CkrError as error:
        rv = error.value
    else:
        return None
    if token.lacks_so_pin and (rv in REFUSALS or rv == CKR.PIN_INCORRECT):
        reason = REFUSALS.get(rv, REFUSALS[CKR.PIN_LEN_RANGE])
        return PinRefusedByToken(reason=reason, ckr=rv)
    failure = not_let_in(module, token, CKU.SO, SO_PIN, rv)
    if failure is not None:
        return failure
    raise CkrError(rv, "C_InitToken")


@translated(N_("change the SO PIN"))
def change_so_pin(
    module: Module,
    token: Token,
    so_pin: Secret,
    new_so_pin: Secret,
    refusals: Mapping[int, str] = _NO_OTHERS,
) -> None:
    """Change the SO PIN (``C_SetPIN``, logged in as the SO).

    Args:
        module: the session port.
        token: the token.
        so_pin: the SO PIN as it is.
        new_so_pin: the SO PIN to set.
        refusals: the vendor's own return values for a PIN it does not take, and why.

    Raises:
        PinIncorrect, PinLocked: the SO PIN is wrong or locked.
        PinRefusedByToken: the token does not take the new one.
    """
    with so_session(module, token, so_pin) as session:
        refusal = pin_refusal(session.set_pin, so_pin, new_so_pin, refusals=refusals, role=SO_PIN)
    if refusal is not None:
        raise refusal
