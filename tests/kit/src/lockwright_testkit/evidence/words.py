"""What the report of an acceptance says of each hook, in the words of the conformance suite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lockwright_testkit.acceptance.operations import DID
from lockwright_testkit.acceptance.plan import (
    LAST,
    NO_LOGIN,
    NO_SO_PIN,
    NOBODY,
    NOT_OFFERED,
    STEPS,
)
from lockwright_testkit.conformance.report import HOOKS, NOT_TESTED, WORKS

_SHOWN_IN = {
    "unblock": "pins",
    "change_pin": "pins",
    "unblock_challenge": "response",
    "unblock_complete": "response",
}
"""The step that shows a hook, where it may be left out."""
_CHOSEN = (NOBODY, NO_SO_PIN, NO_LOGIN, NOT_OFFERED)


def words(report: Mapping[str, Any]) -> dict[str, str]:
    """A word for each hook: ``works``, why it is not offered, or ``not tested`` and why.

    Args:
        report: as ``acceptance.report.read`` gives it.
    """
    did = {
        hook
        for step in report["measured"]
        for name in step["operations"]
        for hook in DID.get(name, ())
    }
    reasons = {step["name"]: step["reason"] for step in report["steps"]}
    return {hook: _word(hook, report["hooks"].get(hook, ""), did, reasons) for hook in HOOKS}


def left_open(report: Mapping[str, Any]) -> Iterator[str]:
    """The steps that failed, or were left for another day: with them it is no evidence.

    Args:
        report: as ``acceptance.report.read`` gives it.
    """
    told = {step["name"]: step for step in report["steps"]}
    for planned in STEPS:
        step = told.get(planned.name)
        if step is None:
            yield f"{planned.name} was not done"
        elif step["outcome"] != "ok" and not step["reason"].startswith(_CHOSEN):
            yield f"{planned.name} {step['outcome']} ({step['reason'] or 'no outcome'})"
    last = told.get(LAST.name)
    if last is not None and last["outcome"] == "cut short":
        yield f"{LAST.name} cut short"


def _word(hook: str, answered: str, did: set[str], reasons: Mapping[str, str]) -> str:
    if answered.startswith(NOT_OFFERED):
        return answered.removeprefix(NOT_OFFERED)
    if hook in did:
        return WORKS
    reason = reasons.get(_SHOWN_IN.get(hook, ""), "").removeprefix(NOT_OFFERED)
    return NOT_TESTED + (reason or "no part of an acceptance")
