"""The hooks that read and set the token's own rules for a PIN."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from lockwright.contract.audit_facts import Of
from lockwright.contract.declaration import Spent, hook
from lockwright.errors.pins import SO_PIN
from lockwright.i18n import N_
from lockwright.models import Token
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.pkcs11.session import Module

# --- the PIN policy -----------------------------------------------------------------------------


@hook(
    doing=N_("read the PIN policy"),
    without=lambda able: replace(able, policy_reads=frozenset()),
)
def lockwright_policy(module: Module, token: Token) -> PinPolicy:  # type: ignore[empty-body]
    """Read the token's own rules for a user PIN, without a login.

    Args:
        module: the session port.
        token: the token.

    Returns:
        The rules it tells; an empty policy if it tells none.
    """


@hook(
    doing=N_("set the PIN policy"),
    without=lambda able: replace(able, policy_sets=frozenset(), policy_most={}),
    changes=True,
    spends=Spent("so_pin", SO_PIN),
    records={"policy": Of("policy", asdict)},
)
def lockwright_set_policy(module: Module, token: Token, so_pin: Secret, policy: PinPolicy) -> None:
    """Set the token's own rules for a user PIN, where it can.

    Args:
        module: the session port.
        token: the token.
        so_pin: SO PIN.
        policy: the rules to set. What ``policy_sets`` of the capabilities names is to be as it
            says, where 0 or None lifts a rule; the other fields ask for nothing.

    Raises:
        NotSupported: the token's rules cannot be set, or not these; nothing was set.
        PinIncorrect, PinLocked: the SO PIN is wrong or locked; nothing was set.
    """
