"""The hook that reads what is on a token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockwright.contract import audit_facts
from lockwright.contract.audit_facts import NOTHING_RECORDED
from lockwright.contract.declaration import Spent, hook
from lockwright.errors.pins import USER_PIN
from lockwright.i18n import N_
from lockwright.models import Sought, Token, TokenObject
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.pkcs11.session import Module

# --- list ---------------------------------------------------------------------------------------


@hook(
    doing=N_("list the objects"),
    spends=Spent("pin", USER_PIN),
    records=NOTHING_RECORDED,
    tells=audit_facts.count,
)
def lockwright_list(  # type: ignore[empty-body]
    module: Module, token: Token, pin: Secret | None, sought: Sought | None
) -> Sequence[TokenObject]:
    """Read the objects of a token, each attribute once.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN, or None to see only what anyone may see.
        sought: which objects are asked for, so that a slow token need not be read as a whole; None
            for all. An adapter may leave it out and answer with all.

    Returns:
        The objects. It must not group them into containers: the core does that for all vendors.

    Raises:
        PinIncorrect, PinLocked: the token did not let us in.
    """
