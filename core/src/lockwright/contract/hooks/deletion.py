"""The hooks that remove what is on a token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lockwright.contract import audit_facts
from lockwright.contract.audit_facts import NOTHING_RECORDED, Of
from lockwright.contract.declaration import EVERYTHING, Spent, hook
from lockwright.errors.pins import SO_PIN, USER_PIN
from lockwright.i18n import N_
from lockwright.models import Failure, Token
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.pkcs11.session import Module

# --- delete and wipe ----------------------------------------------------------------------------


@hook(
    doing=N_("delete objects"),
    changes=True,
    spends=Spent("pin", USER_PIN),
    removes="refs",
    records={"refs": Of("refs", list)},
    tells=audit_facts.failures,
)
def lockwright_delete(  # type: ignore[empty-body]
    module: Module, token: Token, pin: Secret, refs: Sequence[str]
) -> Sequence[Failure]:
    """Delete objects, in the order given.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        refs: which objects (``TokenObject.ref``); the core has checked that they are the ones a
            person confirmed. One of several private keys that are alike is named by what its
            signatures fit (``pkcs11.refs.by_value``).

    Returns:
        What the token refused to delete. A refusal does not stop the rest, except that a private
        key that stays keeps what belongs to it: those refs come back untried.

    Raises:
        PinIncorrect, PinLocked: the token did not let us in; nothing is gone.
    """


@hook(
    doing=N_("wipe the token"),
    without=lambda able: replace(able, wipe=False),
    changes=True,
    removes=EVERYTHING,
    spends=Spent("pin", USER_PIN),
    records=NOTHING_RECORDED,
    tells=audit_facts.failures,
)
def lockwright_wipe(module: Module, token: Token, pin: Secret) -> Sequence[Failure]:  # type: ignore[empty-body]
    """Delete everything, keeping label and PIN.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.

    Returns:
        What the token refused to delete.

    Raises:
        PinIncorrect, PinLocked: the token did not let us in; nothing is gone.
        NotSupported: this token does not allow it.
    """


@hook(
    doing=N_("erase the token"),
    without=lambda able: replace(able, erase=False),
    changes=True,
    removes=EVERYTHING,
    spends=Spent("so_pin", SO_PIN),
    records=NOTHING_RECORDED,
)
def lockwright_erase(module: Module, token: Token, so_pin: Secret) -> None:
    """Have the administrator erase the token by its own function, where it has one.

    Unlike a wipe it needs no user PIN, removes what a user cannot, and may take the PINs with it.

    Args:
        module: the session port.
        token: the token.
        so_pin: SO PIN.

    Raises:
        PinIncorrect, PinLocked: the SO PIN is wrong or locked; nothing is gone.
        NotSupported: this token does not allow it, or has no such function.
    """
