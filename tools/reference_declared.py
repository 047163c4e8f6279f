"""What the core knows of a hook, in sentences: no line of a declaration goes without one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from lockwright.contract.audit_facts import nothing
from lockwright.contract.declaration import DONE_UNRECORDED, EVERYTHING, Declared
from lockwright.models import Capabilities, LabelBy, UnblockWay

_EVERY_WAY = frozenset(UnblockWay)
_ABLE = Capabilities(
    unblock_sets_pin=_EVERY_WAY,
    unblock_keeps_pin=_EVERY_WAY,
    key_types=("rsa:2048",),
    wipe=True,
    erase=True,
    label_by=LabelBy.USER,
    policy_reads=frozenset({"min_length"}),
    policy_sets=frozenset({"min_length"}),
    policy_most={"min_length": 16},
)
"""Of a token that can do everything."""


def sentences(declared: Declared) -> Iterator[str]:
    """What stands beside the signature of a hook, a sentence each."""
    if declared.doing:
        yield f'In an error it is "while asked to {declared.doing}".'
    if declared.changes:
        yield "It may change the token."
    if declared.spends:
        roles = declared.spends.role
        told = roles if isinstance(roles, str) else " or ".join(roles.values())
        yield f"It spends a try of the {told}."
    yield from _set(declared)
    if declared.request:
        yield f"It {declared.request} a Request of a remote unblock."
    if declared.slow:
        yield "It may take as long as a token takes to make a key."
    if declared.removes:
        told = f"`{declared.removes}`" if declared.removes != EVERYTHING else "everything"
        yield f"It removes {told}, and its deadline grows with the number of objects."
    if declared.destroys or declared.unblocks:
        yield "It destroys or unblocks, so a step that asks for a second person guards it."
    if lost := ", ".join(_lost(declared)):
        yield f"Where it is not offered, the capabilities lack {lost}."
    yield from _recorded(declared)


def _set(declared: Declared) -> Iterator[str]:
    """What it gives the token that nobody may see."""
    if declared.sets:
        yield f"`{declared.sets}` is judged by the policy before."
    if declared.sets_other:
        also = declared.spends is not None and declared.spends.argument == declared.sets_other
        where = ", where the token has none yet" if also else ""
        yield f"`{declared.sets_other}` is judged by the bank's rules before{where}."
    if declared.keeps:
        yield f"`{declared.keeps}` is a private key that the token is to hold."


def _recorded(declared: Declared) -> Iterator[str]:
    if declared.records is None:
        return
    facts = [f"`{name}`" for name in declared.records]
    if declared.tells is not nothing:
        facts.append(f"{declared.tells.__name__.replace('_', ' ')} of the result")
    told = ", ".join(facts)
    yield f"The audit trail records it: {told}." if told else "The audit trail records it."
    if declared.unrecorded != DONE_UNRECORDED:
        yield f'Where that fails, the error says: "{declared.unrecorded}"'


def _lost(declared: Declared) -> Iterator[str]:
    """What a token that can do everything cannot do any more without a hook."""
    left = declared.without(_ABLE)
    for each in fields(Capabilities):
        before, after = getattr(_ABLE, each.name), getattr(left, each.name)
        if before == after:
            continue
        ways = [str(way) for way in UnblockWay if way in before - after] if after else []
        yield f"`{each.name}`" + (f" ({', '.join(ways)})" if ways else "")
