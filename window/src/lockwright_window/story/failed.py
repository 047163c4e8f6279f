"""The page that is shown where something failed: what happened, what it cost, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.console.clean import clean
from lockwright.i18n import _
from PySide6.QtWidgets import QVBoxLayout

from lockwright_window.pieces.labels import text
from lockwright_window.story.step import Step
from lockwright_window.words.advice import told

if TYPE_CHECKING:
    from lockwright_window.story.frame import Story


class Failed(Step):
    """Something failed.

    Args:
        story: which it belongs to.
        error: why.
        again: the page that "Try again" shows; None where that is no use.
    """

    def __init__(self, story: Story, error: Exception, again: Step | None = None) -> None:
        super().__init__(story)
        self._error = error
        self._again = again
        self._what, self._cost, self._advice, self._code = (text(self) for _ in range(4))
        layout = QVBoxLayout(self)
        for each in (self._what, self._cost, self._advice, self._code):
            layout.addWidget(each)
        layout.addStretch()

    def title(self) -> str:
        """It did not work."""
        return _("That did not work")

    def next_words(self) -> str:
        """Try again, where that is of use."""
        return "" if self._again is None else _("Try again")

    def close_words(self) -> str:
        """Nothing is left to be cancelled."""
        return _("Close")

    def go(self) -> None:
        """Try again."""
        if self._again is not None:
            self.story.show_step(self._again)

    def say(self) -> None:
        """The error in the language in use."""
        found = told(self._error)
        points = "".join(f"\n  • {clean(each)}" for each in found.details)
        self._what.setText(clean(found.message) + points)
        self._cost.setText(clean(found.cost))
        self._advice.setText(clean(found.advice))
        self._code.setText(_("Code for the bank's support: {code}").format(code=found.code))
        for each in (self._cost, self._advice):
            each.setVisible(bool(each.text()))
