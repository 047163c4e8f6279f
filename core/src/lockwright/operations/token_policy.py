"""Set a token's own PIN rules: plan, apply to the rules it was made for, read again, report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

from lockwright.calls.adapters import Calls
from lockwright.contract import hooks
from lockwright.contract.answers import refusal
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
        raise refusal(_SET.short, reason) if reason else NotSupported(operation=_SET.doing)
    if foreign := [name for name in wanted if name not in settable]:
        others = ", ".join(name for name in FIELDS if name in settable)
        told = _("{operation}: {rules}; the rules that it can set are: {others}")
        raise NotSupported(
            operation=told.format(operation=_(_SET.doing), rules=", ".join(foreign), others=others),
            adapter=token.adapter,
        )
    before = _own(calls, token)
    after = replace(before, **wanted)  # type: ignore[arg-type]  # each is a number or None
    for rules in (after, bank.stricter(calls(hooks.lockwright_policy, token)).stricter(after)):
        if found := rules.contradiction():
            rule, most, least = found
            raise PolicyImpossible(rule=rule, most=most, least=least)
    return PolicyPlan(token.serial, before, after)


def apply(calls: Calls, token: Token, so_pin: Secret, agreed: PolicyPlan) -> PinPolicy:
    """Set the rules that a person agreed to.

    Args:
        calls: the contract.
        token: the token the plan was made for.
        so_pin: SO PIN.
        agreed: the plan.

    Returns:
        The rules that the token tells now, those only that can be set.

    Raises:
        PolicyStale: its rules are no longer what the plan was made for; nothing was set.
        PinIncorrect, PinLocked, LastTry: the SO PIN does not open the token; nothing was set.
        PolicyNotKept: it tells others than those that were set.
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
    told = calls(hooks.lockwright_policy, token)
    settable = token.state.capabilities.policy_sets
    return PinPolicy(**{name: getattr(told, name) for name in FIELDS if name in settable})
