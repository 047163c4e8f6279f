"""The hook by which the user changes the PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.contract.audit_facts import NOTHING_RECORDED
from lockwright.contract.declaration import Spent, hook
from lockwright.errors.pins import USER_PIN
from lockwright.i18n import N_
from lockwright.models import Token
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.pkcs11.session import Module

# --- the user changes the PIN -------------------------------------------------------------------


@hook(
    doing=N_("change the PIN"),
    changes=True,
    spends=Spent("pin", USER_PIN),
    sets="new_pin",
    records=NOTHING_RECORDED,
)
def lockwright_change_pin(module: Module, token: Token, pin: Secret, new_pin: Secret) -> None:
    """Change the user PIN by its owner.

    Args:
        module: the session port.
        token: the token.
        pin: the user PIN as it is.
        new_pin: the user PIN to set, already checked against the policy.

    Raises:
        PinIncorrect, PinLocked: the PIN is wrong or locked. It must not try twice.
        PinRefusedByToken: the token does not take the new PIN.
    """
