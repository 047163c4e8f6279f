"""One thing that ``doctor`` looked at, and how it came out."""

from __future__ import annotations

from enum import StrEnum

from lockwright.console.failures import described
from lockwright.errors import LockwrightError
from lockwright.i18n import N_
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
    """What it belongs to: python, configuration, plugin, module, token, audit or ledger."""
    status: Status
    """How it came out."""
    message: str
    """What was found, a sentence in the language in use."""
    advice: str = ""
    """What to do about it."""
    exit_code: int = 0
    """Exit code of the error behind it."""


def failed(area: str, error: LockwrightError) -> Check:
    """An error, as a check that failed."""
    told = described(error)
    message = " ".join((told.message, *told.details))
    return Check(area, Status.FAIL, message, told.advice, told.exit_code)


MARKS = {Status.OK: N_("ok"), Status.WARN: N_("warning"), Status.FAIL: N_("failed")}
"""How each outcome is shown."""
