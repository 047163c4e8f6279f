"""Set a token's own PIN rules: plan, apply to the rules it was made for, read again, report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from lockwright.contract import hooks
from lockwright.contract.adapter_class import refusal
from lockwright.errors import (
    UNKNOWN_COST,
    LockwrightError,
    NotSupported,
    PolicyImpossible,
    PolicyNotKept,
    PolicyStale,
    TokenError,
)
from lockwright.i18n import N_, _
from lockwright.models import Token
from lockwright.policy import HIGHEST, PinPolicy, PolicyPlan
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.calls.adapters import Calls

FIELDS = tuple(field.name for field in fields(PinPolicy))
TAKEN = N_("The token took the PIN rules all the same.")
_SET = hooks.HOOKS[hooks.lockwright_set_policy.__name__]


def plan(
    calls: Calls, token: Token, wanted: Mapping[str, int | None], bank: PinPolicy
) -> PolicyPlan:
    """What the token's rules would become; read without a login.

    Args:
        calls: the contract.
        token: the token.
        wanted: rules to set, by their field of ``PinPolicy``; the others stay as they are. 0 or
            None lifts one.
        bank: the bank's own rules, which hold beside the token's.

    Raises:
        ValueError: a rule is no whole number from 0 to ``lockwright.policy.HIGHEST``.
        NotSupported: the token's rules cannot be set, or not these.
        PolicyImpossible: no PIN could keep them.
    """
    rules = {name: _rule(name, value) for name, value in wanted.items()}
    _check_settable(token, rules)
    told_now = calls(hooks.lockwright_policy, token)
    told_then = replace(told_now, **rules)  # type: ignore[arg-type]  # each is a number or None
    for judged in (told_then, bank.stricter(told_then)):
        if found := judged.contradiction():
            rule, highest, least = found
            raise PolicyImpossible(rule=rule, most=highest, least=least)
    before, after = (_settable(token, told) for told in (told_now, told_then))
    return PolicyPlan(token.serial, before, after, token.identity.key)


def banks(calls: Calls, token: Token, bank: PinPolicy) -> dict[str, int | None]:
    """The bank's rules as far as a token can set them; none is weaker than the token's own.

    Args:
        calls: the contract.
        token: the token.
        bank: the bank's rules.
    """
    can = token.state.capabilities
    both = calls(hooks.lockwright_policy, token).stricter(bank)
    return {
        name: min(value, can.policy_most.get(name, value))
        for name in FIELDS
        if name in can.policy_sets and (value := getattr(both, name))
    }


def apply(calls: Calls, token: Token, so_pin: Secret, agreed: PolicyPlan) -> PinPolicy:
    """Set the rules that a person agreed to.

    Args:
        calls: the contract.
        token: the token the plan was made for.
        so_pin: SO PIN.
        agreed: the plan.

    Returns:
        The rules that the token reports now, only those that can be set.

    Raises:
        PolicyStale: its rules are no longer what the plan was made for; nothing was set.
        PinIncorrect, PinLocked, LastTry: the SO PIN does not open the token; nothing was set.
        PolicyNotKept: it reports others than those that were set.
        TokenError: it failed; ``cost`` says what became of its rules, as far as it tells.
    """
    another = agreed.token is None or not token.identity.is_it(agreed.token)
    if another or agreed.before != _own(calls, token):
        raise PolicyStale(serial=token.serial)
    try:
        calls(hooks.lockwright_set_policy, token, so_pin, agreed.after)
    except TokenError as error:
        error.cost = _cost(calls, token, agreed, error.cost)
        raise
    try:
        now = _own(calls, token)
    except LockwrightError as error:
        error.cost = TAKEN
        raise
    if now != agreed.after:
        differ = (name for name in FIELDS if getattr(now, name) != getattr(agreed.after, name))
        raise PolicyNotKept(serial=token.serial, rules=tuple(differ), adapter=token.adapter)
    return now


def _rule(name: str, value: int | None) -> int | None:
    """A rule as ``PinPolicy`` has it: 0 asks for nothing, and a limit that does so is None."""
    if value is not None and (type(value) is not int or not 0 <= value <= HIGHEST):
        raise ValueError(f"{name} is {value!r}, not a whole number from 0 to {HIGHEST}")
    return value or (0 if name.startswith("min_") else None)


def _check_settable(token: Token, rules: Mapping[str, int | None]) -> None:
    """Refuse rules that the token has not, or not so."""
    settable = token.state.capabilities.policy_sets
    if not settable:
        reason = token.state.capabilities.not_offered.get(_SET.short)
        failure = refusal(_SET.short, reason) if reason else NotSupported(operation=_SET.doing)
        failure.adapter = token.adapter
        raise failure
    if foreign := [name for name in rules if name not in settable]:
        others = ", ".join(name for name in FIELDS if name in settable)
        told = _("{operation}: {rules}; the rules that it can set are: {others}")
        raise NotSupported(
            operation=told.format(operation=_(_SET.doing), rules=", ".join(foreign), others=others),
            adapter=token.adapter,
        )
    for name, most in token.state.capabilities.policy_most.items():
        if (rules.get(name) or 0) > most:
            told = _("{operation}: {rule} is {most} at most")
            raise NotSupported(
                operation=told.format(operation=_(_SET.doing), rule=name, most=most),
                adapter=token.adapter,
            )


def _cost(calls: Calls, token: Token, agreed: PolicyPlan, told: str) -> str:
    """What a failure cost, by the rules that the token tells after it."""
    try:
        now = _own(calls, token)
    except LockwrightError:
        return UNKNOWN_COST
    if now == agreed.after != agreed.before:
        return TAKEN
    return told if now == agreed.before else UNKNOWN_COST


def _own(calls: Calls, token: Token) -> PinPolicy:
    """The token's own rules, those only that can be set."""
    return _settable(token, calls(hooks.lockwright_policy, token))


def _settable(token: Token, told: PinPolicy) -> PinPolicy:
    settable = token.state.capabilities.policy_sets
    return PinPolicy(**{name: getattr(told, name) for name in FIELDS if name in settable})
