"""What to do after an error, for people who have no command line.

The catalogue's advice names commands and options in places. Whatever does is told another way here;
a test finds what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping

from lockwright.errors import LockwrightError
from lockwright.explain import Explanation, explain, facts_told
from lockwright.i18n import _
from lockwright.records import dataclass

from lockwright_window.words import enrolment_advice

OWN: Mapping[str, str] = {**enrolment_advice.ADVICE}
"""By an error's code: the advice that stands here for the catalogue's."""


@dataclass(frozen=True, slots=True)
class Told:
    """An error as the window shows it."""

    message: str
    """What happened."""
    details: tuple[str, ...]
    """Single points of the message."""
    cost: str
    """What it cost; empty if the message says it."""
    advice: str
    """What to do next; empty if nothing can be done."""
    code: str
    """Stable name, for whoever is called about it."""


def told(error: Exception) -> Told:
    """An error of any kind in the language in use.

    Args:
        error: what was raised.
    """
    if not isinstance(error, LockwrightError):
        message = _("Something went wrong inside lockwright ({kind}).")
        return Told(
            message.format(kind=type(error).__name__),
            (),
            "",
            _("Close the window and try again. If it comes again, tell your bank's IT."),
            LockwrightError.code,
        )
    found = explain(error)
    cost = _(enrolment_advice.COSTS.get(error.cost, error.cost))
    return Told(found.message, found.details, cost, _advice(error, found), found.code)


def _advice(error: LockwrightError, found: Explanation) -> str:
    own = OWN.get(found.code)
    return found.advice if own is None else _(own).format(**facts_told(error))


__all__ = ["OWN", "Told", "told"]
