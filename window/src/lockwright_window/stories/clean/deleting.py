"""The page that is shown while objects are deleted: how far it has come, and a safe way to stop."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from lockwright.i18n import _
from lockwright.models import Doing, Progress, Watch
from lockwright.runner import Runner
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from lockwright_window.pieces.labels import text
from lockwright_window.story.step import Busy
from lockwright_window.words.deleting import counted

if TYPE_CHECKING:
    from lockwright_window.story.frame import Story


class Deleting(Busy):
    """Objects are being deleted.

    The first "Stop" lets the object in hand be done whole, where the token is at that; a second
    one, or one while nothing is deleted yet, stops whatever runs.

    Args:
        story: which it belongs to.
        stops: whether it can be stopped between two objects.
    """

    _moved = Signal(object)

    def __init__(self, story: Story, *, stops: bool = True) -> None:
        super().__init__(story)
        self._stops = stops
        self._pressed = 0
        self._progress = Progress(Doing.CALLING, 0, 0)
        self._watch = Watch(self._moved.emit)
        self._moved.connect(self._on_moved)
        self._bar, self._told, self._how = QProgressBar(self), text(self), text(self)
        self._how.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        layout = QVBoxLayout(self)
        for each in (self._bar, self._told, self._how):
            layout.addWidget(each)
        layout.addStretch()

    def watching(self, runner: Runner) -> AbstractContextManager[None]:
        """The block, in the thread that works, is watched by this page."""
        return runner.watching(self._watch)

    def title(self) -> str:
        """What is done."""
        return _("Deleting…")

    def next_words(self) -> str:
        """The way to stop it."""
        return _("Stop") if self._pressed == 0 else _("Stop at once")

    def close_words(self) -> str:
        """There is one button, which stops it."""
        return ""

    def first(self) -> QWidget:
        """How it is stopped, and that the token is to stay."""
        return self._how

    def ready(self) -> bool:
        """It is stopped twice at most."""
        return self._pressed < 2  # noqa: PLR2004  # safely, then at once

    def go(self) -> None:
        """Stop it; what was deleted by then is told."""
        self._pressed += 1
        if self._pressed > 1 or not self._watch.stop():
            self._pressed = 2
            self.story.stop()
        self.say()
        self.changed.emit()

    def loss(self) -> str:
        """What is lost if the window is closed now."""
        return _("Objects are being deleted. Those that are gone stay gone. Stop now?")

    def say(self) -> None:
        """How far it has come."""
        progress = self._progress
        counts = progress.doing is Doing.REMOVING and progress.total > 0
        self._bar.setRange(0, progress.total if counts else 0)
        self._bar.setValue(progress.done if counts else 0)
        self._bar.setAccessibleName(self.title())
        self._told.setText(counted(progress))
        self._bar.setAccessibleDescription(counted(progress))
        self._how.setText(self._words())

    def _words(self) -> str:
        if self._pressed:
            return _("Stopping after the object in hand…")
        if self._stops:
            return _("“Stop” ends it after the object in hand. Leave the token in.")
        return _("Leave the token in.")

    @Slot(object)
    def _on_moved(self, progress: Progress) -> None:
        self._progress = progress
        self.say()
