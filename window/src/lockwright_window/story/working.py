"""The page that is shown while something is done: what, that it goes on, and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lockwright.i18n import _
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from lockwright_window.pieces.labels import text
from lockwright_window.story.step import Busy

if TYPE_CHECKING:
    from lockwright_window.story.frame import Story


class Working(Busy):
    """Something is being done.

    Args:
        story: which it belongs to.
        words: what, in the language in use.
    """

    def __init__(self, story: Story, words: Callable[[], str]) -> None:
        super().__init__(story)
        self._words = words
        self._stopped = False
        self._what = text(self)
        self._what.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._bar = QProgressBar(self)
        self._bar.setRange(0, 0)
        layout = QVBoxLayout(self)
        layout.addWidget(self._what)
        layout.addWidget(self._bar)
        layout.addStretch()

    def title(self) -> str:
        """It is not done yet."""
        return _("Please wait")

    def next_words(self) -> str:
        """The way to stop it."""
        return _("Stop")

    def ready(self) -> bool:
        """It is stopped once."""
        return not self._stopped

    def close_words(self) -> str:
        """Whoever closes it stops it first, and reads what that has cost."""
        return ""

    def closing(self) -> bool:
        """It is stopped first; whoever does not wait for that closes it again."""
        if self._stopped:
            return True
        self.go()
        return False

    def first(self) -> QWidget:
        """What is done; a screen reader says it."""
        return self._what

    def go(self) -> None:
        """Stop it; what is done then says what it cost."""
        self._stopped = True
        self.say()
        self.changed.emit()
        self.story.stop()

    def say(self) -> None:
        """What is done."""
        self._what.setText(_("Stopping…") if self._stopped else self._words())
        self._bar.setAccessibleName(self._words())
