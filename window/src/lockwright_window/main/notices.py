"""What is to be pointed out quietly: what was left unfinished, and what is to be renewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.errors import LockwrightError
from lockwright.models import Token
from lockwright.operations.detect import Detection
from lockwright.records import dataclass
from lockwright.runner import Runner
from PySide6.QtCore import QObject, Signal, Slot

from lockwright_window.tokens.known import Known
from lockwright_window.work import Work

if TYPE_CHECKING:
    from lockwright.enrol.entry import Entry
    from lockwright.operations.enrolment.due import Prospect


@dataclass(frozen=True, slots=True)
class Due:
    """A certificate that is to be renewed now."""

    token: Token
    """Where it is."""
    prospect: Prospect
    """The certificate, and why."""


@dataclass(frozen=True, slots=True)
class Pointed:
    """What is to be pointed out."""

    unfinished: tuple[Entry, ...] = ()
    """Enrolments that were begun and not finished."""
    due: tuple[Due, ...] = ()
    """Certificates to be renewed."""
    error: LockwrightError | None = None
    """Why the journal of enrolments cannot be read."""


class Notices(QObject):
    """Looks for it whenever the tokens were looked at; no CA is asked, and no token.

    Args:
        work: does it.
        known: the tokens.
    """

    changed = Signal()
    """It may be something else now."""

    def __init__(self, work: Work, known: Known) -> None:
        super().__init__()
        self.pointed = Pointed()
        """What was found last."""
        self._work, self._known = work, known
        self._number = 0
        known.changed.connect(self.look)

    @Slot()
    def look(self) -> None:
        """Look again."""
        detection = self._known.detection
        self._number += 1
        number = self._number
        self._work.do(
            lambda runner: pointed(runner, detection),
            lambda found: self._on_found(number, found),
            lambda _error: None,  # the next look comes with the next change
        )

    def _on_found(self, number: int, found: Pointed) -> None:
        if number == self._number:
            self.pointed = found
            self.changed.emit()


def pointed(runner: Runner, detection: Detection | None) -> Pointed:
    """What is to be pointed out.

    Args:
        runner: the runner.
        detection: the tokens as they were found last, with the certificates that anyone may see.
    """
    from lockwright.operations.enrolment.due import Why  # noqa: PLC0415  # in a thread of its own
    from lockwright.operations.listing import on_token  # noqa: PLC0415  # the same

    due = []
    for token in () if detection is None else detection.tokens:
        seen = () if detection is None else detection.certificates.get(token.identity, ())
        if token.adapter is None or not seen:
            continue
        found = runner.renewals.known(on_token(token, list(seen), logged_in=False))
        due += [Due(token, each) for each in found if each.why in {Why.CA, Why.DAYS}]
    try:
        unfinished = tuple(runner.enrolments.unfinished())
    except LockwrightError as error:
        return Pointed(due=tuple(due), error=error)
    waiting = [(each.storage, each.place) for each in unfinished]
    free = [each for each in due if ("token", each.token.name) not in waiting]
    return Pointed(unfinished, tuple(free))
