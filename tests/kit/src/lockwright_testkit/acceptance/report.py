"""The report of an acceptance: made of the record alone, so it can be made again and compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lockwright.errors import AuditBroken, AuditError

from lockwright_testkit.acceptance import questions, record
from lockwright_testkit.acceptance.once import loads
from lockwright_testkit.acceptance.record import DONE, Step

FORMAT = 2
Document = dict[str, Any]
_TOLD: Mapping[str, tuple[str, ...]] = {
    "token": ("manufacturer", "model", "serial", "adapter", "binding"),
    "versions": ("adapter",),
    "hooks": (),
}
"""What stands in each table; in the last a text behind whatever name there is."""


class Changed(Exception):
    """A report is not what its record says."""


def document(lines: Sequence[str]) -> Document:
    """The report.

    Args:
        lines: the record's.
    """
    begun, steps = record.begun(lines), record.steps(lines)
    first, last = record.times(lines)
    seen = seen_in(steps)
    answers = [_answer(each, seen) for each in questions.of(begun["personality"])]
    return {
        "format": FORMAT,
        "begun": first,
        "ended": last,
        **begun,
        "simulated": any(each.facts.get("simulated", False) for each in steps),
        "steps": [_step(each) for each in steps],
        "seen": seen,
        "answers": answers,
        "measured": _measured(steps),
        "data_sheet": _data_sheet(answers, steps),
        "end": record.end_of(lines),
        "records": list(lines),
    }


def read(text: str) -> Document:
    """A report, held against the record in it.

    Args:
        text: the JSON document.

    Raises:
        Changed: it is no report, or was changed; or the record in it was.
    """
    try:
        told = loads(text)
        if told["format"] != FORMAT:
            raise Changed("another version of lockwright-kit wrote it")
        lines, end = told["records"], told["end"]
        record.checked(lines, end)
        again = document(lines)
        _whole(again)
    except AuditBroken as error:
        line, reason = error.facts["line"], error.facts["reason"]
        raise Changed(f"its record is not intact at line {line}: {reason}") from None
    except AuditError:
        raise Changed("it has no record that can be checked") from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Changed(
            f"it is no report of lockwright-kit certify ({type(error).__name__})"
        ) from None
    differing = sorted(key for key in {*told, *again} if told.get(key) != again.get(key))
    if differing:
        raise Changed(f"its record says something else about {', '.join(differing)}")
    return again


def _whole(told: Document) -> None:
    """Refuse what lacks something that certify writes.

    Raises:
        LookupError, TypeError: it does.
    """
    for table, names in _TOLD.items():
        there = told[table]
        if not all(isinstance(there[name], str) for name in names or there.keys()):
            raise TypeError


def seen_in(steps: Sequence[Step]) -> dict[str, str]:
    """What the token showed, by the names of the simulator's settings."""
    return {
        name: value
        for step in steps
        for name, value in step.facts.get("seen", {}).items()
    }  # fmt: skip


def _step(step: Step) -> Document:
    reason = step.facts.get("reason", "")
    return {
        "name": step.name,
        "outcome": step.outcome or "cut short",
        "reason": reason,
        "seconds": step.facts.get("seconds", 0.0),
    }


def _answer(question: questions.Question, seen: Mapping[str, str]) -> Document:
    names = questions.ANSWERED_BY.get(question.asks, question.settings)
    told = {name: seen[name] for name in names if name in seen}
    return {"question": question.asks, "settings": list(names), "answer": told}


def _measured(steps: Sequence[Step]) -> list[Document]:
    """Calls and seconds of each step, and of each function in it."""
    return [
        {
            "step": step.name,
            "seconds": step.facts.get("seconds", 0.0),
            "calls": sum(int(each["calls"]) for each in step.facts.get("calls", {}).values()),
            "functions": step.facts.get("calls", {}),
            "operations": step.facts.get("operations", {}),
        }
        for step in steps
        if step.outcome == DONE
    ]


def _data_sheet(answers: Sequence[Document], steps: Sequence[Step]) -> list[str]:
    """What nobody saw, so that the vendor is to be asked."""
    asked = [str(each["question"]) for each in answers if not each["answer"]]
    if not any(each.name == "so-tries" and each.outcome == DONE for each in steps):
        asked.append("after how many wrong SO PINs the token is locked for good")
    return [
        *asked,
        "how often a PIN may be unblocked in the token's life",
        "how many times its memory can be written",
    ]
