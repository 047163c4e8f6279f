"""The page that is shown where something failed: what happened, what it cost, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.i18n import _
from PySide6.QtWidgets import QVBoxLayout

from lockwright_window.pieces.trouble import Trouble
from lockwright_window.story.halted import Halted
from lockwright_window.story.step import Step

if TYPE_CHECKING:
    from lockwright_window.story.frame import Story


class Failed(Halted):
    """Something failed.

    Args:
        story: which it belongs to.
        error: why.
        again: the page that "Try again" shows; None where that is no use.
    """

    def __init__(self, story: Story, error: Exception, again: Step | None = None) -> None:
        super().__init__(story, again)
        self._error = error
        self._trouble = Trouble(self)
        layout = QVBoxLayout(self)
        layout.addWidget(self._trouble)
        layout.addStretch()

    def title(self) -> str:
        """It did not work."""
        return _("That did not work")

    def say(self) -> None:
        """The error in the language in use."""
        self._trouble.tell(self._error)
