"""The page that is shown where a certificate is left for later: stopped, or the bank takes time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.console.clean import clean
from lockwright.errors import EnrolmentWaits
from lockwright.i18n import _
from PySide6.QtWidgets import QVBoxLayout

from lockwright_window.pieces.labels import text
from lockwright_window.stories.enrol.attempt import Came
from lockwright_window.story.halted import Halted
from lockwright_window.story.step import Step
from lockwright_window.words import enrolment as words
from lockwright_window.words.advice import told

if TYPE_CHECKING:
    from lockwright_window.story.frame import Story


class Held(Halted):
    """It is left for later, or nothing was begun.

    Args:
        story: which it belongs to.
        came: what came of the attempt.
        again: the page from which it goes on now; None where that is no use.
    """

    def __init__(self, story: Story, came: Came, again: Step | None) -> None:
        super().__init__(story, again)
        self._came = came
        self._told = text(self)
        layout = QVBoxLayout(self)
        layout.addWidget(self._told)
        layout.addStretch()

    def title(self) -> str:
        """How it is left."""
        if isinstance(self._came.error, EnrolmentWaits):
            return _("The bank has not decided yet")
        return _("Stopped")

    def again_words(self) -> str:
        """It goes on at once."""
        return _("Go on now")

    def say(self) -> None:
        """What is kept, and how it goes on."""
        came, lines = self._came, []
        assert came.error is not None  # noqa: S101  # it is held by one
        found = told(came.error)
        lines.append(clean(found.message))
        if came.entry is None:
            lines.append(_("Nothing is left of it: no key and no certificate."))
        else:
            lines += [clean(found.cost), "\n".join(words.details(came.entry))]
            lines.append(
                clean(found.advice)
                if isinstance(came.error, EnrolmentWaits)
                else _(
                    "You may close the window. When it is opened again, it offers to go on or to"
                    " undo it."
                )
            )
        self._told.setText("\n\n".join(filter(None, lines)))
