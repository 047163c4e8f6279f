"""The page that is shown where a certificate was not got: try again, or whom to call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.console.clean import clean
from lockwright.i18n import _
from lockwright.records import dataclass
from PySide6.QtWidgets import QVBoxLayout

from lockwright_window.pieces.labels import text
from lockwright_window.stories.enrol.attempt import Came
from lockwright_window.story.halted import Halted
from lockwright_window.story.step import Step
from lockwright_window.words import enrolment as words
from lockwright_window.words import places
from lockwright_window.words.advice import told

if TYPE_CHECKING:
    from lockwright_window.story.frame import Story


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be said to whoever is called."""

    ca: str
    """Name of the CA."""
    login: str | None
    """The login; None if none is needed."""
    contact: str
    """Whom to call; empty if the bank named nobody."""


class NotWorked(Halted):
    """It failed.

    Args:
        story: which it belongs to.
        came: what came of the attempt.
        number: which attempt it was, from 1 on.
        case: what is to be said to whoever is called.
        again: the page from which it is tried again.
    """

    def __init__(
        self, story: Story, came: Came, number: int, case: Case, again: Step | None
    ) -> None:
        super().__init__(story, again if number < words.MOST_TRIES else None)
        self._came, self._number, self._case = came, number, case
        self._told, self._call = text(self), text(self)
        layout = QVBoxLayout(self)
        layout.addWidget(self._told)
        layout.addWidget(self._call)
        layout.addStretch()

    def title(self) -> str:
        """It did not work, and which attempt it was."""
        told = _("That did not work: attempt {number} of {most}")
        return told.format(number=min(self._number, words.MOST_TRIES), most=words.MOST_TRIES)

    def say(self) -> None:
        """What happened, what it cost, what to do next; and whom to call."""
        came = self._came
        assert came.error is not None  # noqa: S101  # it is shown for one
        found = told(came.error)
        lines = [found.in_full, clean(found.cost)]
        if self._again is not None:
            lines.append(clean(found.advice))
        self._told.setText("\n\n".join(filter(None, lines)))
        contact = clean(self._case.contact) or _(words.NOBODY_NAMED)
        place = came.place and places.where(came.kind, came.place)
        say = words.to_say(found.code, clean(self._case.ca), self._case.login, place)
        call = (
            _("If it does not work after {most} attempts, call {contact}.")
            if self._again is not None
            else _("Call {contact} and say:")
        )
        call = call.format(most=words.MOST_TRIES, contact=contact)
        self._call.setText(call if self._again is not None else f"{call}\n«{say}»")
