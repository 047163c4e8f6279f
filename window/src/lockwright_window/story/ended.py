"""The last page of a story that went well: what is now, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lockwright.i18n import _
from PySide6.QtWidgets import QVBoxLayout

from lockwright_window.pieces.labels import text
from lockwright_window.story.step import Step

if TYPE_CHECKING:
    from lockwright_window.story.frame import Story


class Ended(Step):
    """It is done.

    Args:
        story: which it belongs to.
        title: what was done, in the language in use.
        words: what is now and what to do next, a paragraph each, in the language in use.
    """

    ends_well = True

    def __init__(
        self, story: Story, title: Callable[[], str], words: Callable[[], Sequence[str]]
    ) -> None:
        super().__init__(story)
        self._title, self._words = title, words
        self._told = text(self)
        layout = QVBoxLayout(self)
        layout.addWidget(self._told)
        layout.addStretch()

    def title(self) -> str:
        """What was done."""
        return self._title()

    def next_words(self) -> str:
        """It is over."""
        return _("Done")

    def close_words(self) -> str:
        """One button is enough."""
        return ""

    def go(self) -> None:
        """Close the window."""
        self.story.leave()

    def say(self) -> None:
        """What is now."""
        self._told.setText("\n\n".join(self._words()))
