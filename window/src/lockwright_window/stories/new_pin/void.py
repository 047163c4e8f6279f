"""The page for a Request that is void: why, what it cost, and a new one by one press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.i18n import _
from PySide6.QtCore import QTimer

from lockwright_window.story.failed import Failed

if TYPE_CHECKING:
    from lockwright_window.stories.new_pin.story import NewPinStory

_KEPT = 120_000
"""Milliseconds."""


class Void(Failed):
    """A Request is void.

    Args:
        story: which it belongs to.
        error: why.
    """

    def __init__(self, story: NewPinStory, error: Exception) -> None:
        super().__init__(story, error)
        self._new_pin_story = story

    def next_words(self) -> str:
        """The way on."""
        return _("Make a new Request")

    def enter(self) -> None:
        """A new PIN is not kept for long, where perhaps nobody sits any more."""
        QTimer.singleShot(_KEPT, self, self._new_pin_story.forget)

    def go(self) -> None:
        """Have another one made."""
        self._new_pin_story.make_another()
