"""The time that a Request has left, and when a person is warned of its end."""

from __future__ import annotations

from lockwright.console.timed import clock, warn_at
from lockwright.i18n import _


class TimeLeft:
    """Words for the time that is left.

    Args:
        whole: seconds that there are at first.
    """

    def __init__(self, whole: float) -> None:
        self._warn_at = warn_at(whole)

    def little(self, left: float) -> bool:
        """Whether a person is to be warned."""
        return left <= self._warn_at

    def words(self, left: float) -> str:
        """The time, in the language in use.

        Args:
            left: seconds.
        """
        told = _("Time left: {left}") if left > self._warn_at else _("Only {left} left!")
        return told.format(left=clock(left))
