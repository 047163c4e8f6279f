"""Initialise a token: say what goes, initialise it, find it again, set the user PIN."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from lockwright.calls.adapters import Calls
from lockwright.contract import hooks
from lockwright.contract.adapter_class import refusal
from lockwright.contract.stopping import StoppedHere
from lockwright.errors import (
    INITIALISED,
    NOTHING,
    UNCHANGED,
    UNKNOWN_COST,
    AdapterError,
    Interrupted,
    LockwrightError,
    ModuleError,
    NotSupported,
    PinRefused,
    PlanStale,
    TokenRefused,
    TokenRemoved,
)
from lockwright.explain import encode_rules
from lockwright.i18n import N_
from lockwright.models import InitPlan, PinState, Token, UnblockWay
from lockwright.operations import pins
from lockwright.operations.care.labels import check_label, found_again
from lockwright.operations.care.offered import refuse_not_offered
from lockwright.operations.finder import Finder
from lockwright.operations.listing import listing
from lockwright.operations.plans import plan_wipe
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

NO_USER_PIN = N_("no user PIN could be set afterwards")
"""Why a token is not initialised whose user PIN the SO PIN does not set."""


def plan(calls: Calls, token: Token, label: str) -> InitPlan:
    """What initialising a token would do, without a login.

    Args:
        calls: the contract.
        token: the token, as ``TokenCare.find`` found it.
        label: the label that it is to get.

    Raises:
        LabelRefused: no token can have that label.
        NotOffered: this token is initialised by other means, or its user PIN is set by others.
    """
    check_label(label)
    _require_offered(token)
    user_pin = token.state.user_pin
    initialized = token.identity.initialized
    return InitPlan(
        serial=token.serial,
        token=token.identity.key,
        label=label,
        lost=plan_wipe(listing(calls, token, None)) if initialized else None,
        new_so_pin=token.lacks_so_pin,
        cut_short=initialized and user_pin is not None and user_pin.state is PinState.NOT_SET,
        unseen=initialized and token.identity.login_required,
    )


def apply(  # what it works with, and what a person gave
    calls: Calls,
    finder: Finder,
    bank: PinPolicy,
    token: Token,
    so_pin: Secret,
    new_pin: Secret,
    agreed: InitPlan,
) -> Token:
    """Initialise a token as a person agreed to.

    Args:
        calls: the contract.
        finder: finds it again.
        bank: the bank's rules for a PIN.
        token: the token that the plan was made for.
        so_pin: the SO PIN; its first one, where it has none.
        new_pin: the user PIN to set.
        agreed: the plan.

    Returns:
        The token as it shows itself now.

    Raises:
        LabelRefused, NotOffered: as for ``plan``.
        PlanStale: it is another token, or what anyone can see on it changed; nothing is gone.
        PinRefused: a new PIN breaks the policy; nothing is gone.
        PinIncorrect, PinLocked, LastTry: the SO PIN does not open the token; nothing is gone.
        TokenRefused, TokenRemoved, ModuleError: it failed; ``cost`` says what is known to be there.
        LockwrightError: whatever came after that; ``cost`` says that it has no user PIN yet.
    """
    check_label(agreed.label)
    _require_offered(token)
    if not token.identity.is_it(agreed.token) or token.lacks_so_pin != agreed.new_so_pin:
        raise PlanStale(serial=token.serial)
    if agreed.lost is not None and agreed.lost.digest != listing(calls, token, None).digest:
        raise PlanStale(serial=token.serial)
    _check_pin(calls, token, new_pin, agreed.label, bank)
    try:
        calls(hooks.lockwright_init, token, so_pin, agreed.label)
    except (TokenRefused, TokenRemoved, ModuleError, AdapterError) as error:
        before = isinstance(error, TokenRemoved) and error.cost == NOTHING
        if not before and not isinstance(error, NotSupported):
            error.cost = _cost(calls, token, agreed)
        raise
    try:
        found = found_again(finder, token, agreed.label, INITIALISED)
        calls(hooks.lockwright_unblock, found, UnblockWay.SO_PIN, so_pin, new_pin)
    except LockwrightError as error:
        error.cost = INITIALISED
        raise
    except KeyboardInterrupt:
        raise Interrupted(cost=INITIALISED) from None
    with suppress(LockwrightError, StoppedHere):  # it is done, whatever it says of itself now
        return replace(found, state=calls(hooks.lockwright_state, found))
    return found


def _require_offered(token: Token) -> None:
    """Refuse it also where nobody could set a user PIN afterwards: nobody could use the token."""
    refuse_not_offered(token, "init")
    if "unblock" in token.state.capabilities.not_offered:
        raise refusal("init", NO_USER_PIN)


def _cost(calls: Calls, token: Token, agreed: InitPlan) -> str:
    """What a failure cost in the middle, by whether what anyone could see is still there."""
    if agreed.lost is None or not agreed.lost.targets:
        return UNKNOWN_COST
    try:
        same = listing(calls, token, None).digest == agreed.lost.digest
    except LockwrightError:
        return UNKNOWN_COST
    return UNCHANGED if same else UNKNOWN_COST


def _check_pin(calls: Calls, token: Token, new_pin: Secret, label: str, bank: PinPolicy) -> None:
    """Judge the user PIN before anything is gone, also by the label that the token will have."""
    if not new_pin and token.identity.pin_pad:
        return
    policy = pins.effective_policy(calls, token, bank)
    if broken := policy.check(new_pin, about=(token.serial, token.identity.label, label)):
        raise PinRefused(rules=encode_rules(broken))
