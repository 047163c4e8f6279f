"""Set a token's own PIN rules: plan, apply to the rules it was made for, read again, report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

from lockwright.calls.adapters import Calls
from lockwright.contract import hooks
from lockwright.contract.adapter_class import refusal
from lockwright.errors import NotSupported, PolicyImpossible, PolicyNotKept, PolicyStale
from lockwright.i18n import _
from lockwright.models import Token
from lockwright.policy import PinPolicy, PolicyPlan
from lockwright.secret import Secret

FIELDS = tuple(field.name for field in fields(PinPolicy))
_SET = hooks.HOOKS[hooks.lockwright_set_policy.__name__]


def plan(
    calls: Calls, token: Token, wanted: Mapping[str, int | None], bank: PinPolicy
) -> PolicyPlan:
    """What the token's rules would become; read without a login.

    Args:
        calls: the contract.
        token: the token.
        wanted: rules to set, by their field of ``PinPolicy``; the others stay as they are.
        bank: the bank's own rules, which hold beside the token's.

    Raises:
        NotSupported: the token's rules cannot be set, or not these.
        PolicyImpossible: no PIN could keep them.
    """
    settable = token.state.capabilities.policy_sets
    if not settable:
        reason = token.state.capabilities.not_offered.get(_SET.short)
        failure = refusal(_SET.short, reason) if reason else NotSupported(operation=_SET.doing)
        failure.adapter = token.adapter
        raise failure
    if foreign := [name for name in wanted if name not in settable]:
        others = ", ".join(name for name in FIELDS if name in settable)
        told = _("{operation}: {rules}; the rules that it can set are: {others}")
        raise NotSupported(
            operation=told.format(operation=_(_SET.doing), rules=", ".join(foreign), others=others),
            adapter=token.adapter,
        )
    for name, most in token.state.capabilities.policy_most.items():
        if (wanted.get(name) or 0) > most:
            told = _("{operation}: {rule} is {most} at most")
            raise NotSupported(
                operation=told.format(operation=_(_SET.doing), rule=name, most=most),
                adapter=token.adapter,
            )
    told_now = calls(hooks.lockwright_policy, token)
    told_then = replace(told_now, **wanted)  # type: ignore[arg-type]  # each is a number or None
    for rules in (told_then, bank.stricter(told_then)):
        if found := rules.contradiction():
            rule, highest, least = found
            raise PolicyImpossible(rule=rule, most=highest, least=least)
    return PolicyPlan(token.serial, _settable(token, told_now), _settable(token, told_then))


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
    """
    if agreed.serial != token.serial or agreed.before != _own(calls, token):
        raise PolicyStale(serial=token.serial)
    calls(hooks.lockwright_set_policy, token, so_pin, agreed.after)
    now = _own(calls, token)
    if now != agreed.after:
        differ = (name for name in FIELDS if getattr(now, name) != getattr(agreed.after, name))
        raise PolicyNotKept(serial=token.serial, rules=tuple(differ), adapter=token.adapter)
    return now


def _own(calls: Calls, token: Token) -> PinPolicy:
    """The token's own rules, those only that can be set."""
    return _settable(token, calls(hooks.lockwright_policy, token))


def _settable(token: Token, told: PinPolicy) -> PinPolicy:
    settable = token.state.capabilities.policy_sets
    return PinPolicy(**{name: getattr(told, name) for name in FIELDS if name in settable})
