"""One thing that ``doctor`` looked at, and how it came out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum

from lockwright.console.blocks import Facts, Field
from lockwright.console.clean import clean
from lockwright.console.failures import described
from lockwright.console.text import Text
from lockwright.errors import LockwrightError
from lockwright.i18n import N_, _
from lockwright.records import dataclass


class Status(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    area: str
    """What it belongs to; the schema of its JSON names them all."""
    status: Status
    """How it came out."""
    message: str
    """What was found, a sentence in the language in use."""
    advice: str = ""
    """What to do about it."""
    exit_code: int = 0
    """Exit code of the error behind it."""


def as_document(check: Check) -> dict[str, object]:
    """A check as JSON has it."""
    document = asdict(check)
    del document["exit_code"]
    return document


def failed(area: str, error: LockwrightError) -> Check:
    """An error, as a check that failed."""
    told = described(error)
    message = " ".join((told.message, *told.details))
    return Check(area, Status.FAIL, message, told.advice, told.exit_code)


def exit_code_of(checks: Sequence[Check]) -> int:
    """The exit code of the first that failed; 0 if none did."""
    return next((check.exit_code for check in checks if check.status is Status.FAIL), 0)


def shown(checks: Sequence[Check]) -> Facts:
    """Checks as a person sees them: how each came out, what was found, what to do."""
    return Facts(map(_fact, checks))


def _fact(check: Check) -> Field:
    said = "\n".join(clean(line) for line in (check.message, check.advice) if line)
    return Text(_(MARKS[check.status]), _STYLES[check.status]), Text(said)


_STYLES = {Status.OK: "green", Status.WARN: "yellow", Status.FAIL: "bold red"}
MARKS = {Status.OK: N_("ok"), Status.WARN: N_("warning"), Status.FAIL: N_("failed")}
"""How each outcome is shown."""
