"""A quiet notice: a sentence above what is shown, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from lockwright.i18n import _
from lockwright.records import dataclass
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from lockwright_window.pieces.labels import text
from lockwright_window.speaking import Says


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be done about a notice."""

    words: Callable[[], str]
    """What its button says, in the language in use."""
    take: Callable[[], None]
    """Does it."""


class Notice(Says):
    """One notice. It takes no focus and interrupts nobody; "Not now" hides it until the next start.

    Args:
        parent: where it is.
        words: what it says, in the language in use.
        offers: what can be done about it.
    """

    put_off = Signal()
    """"Not now" was pressed."""

    def __init__(
        self, parent: QWidget, words: Callable[[], str], offers: Sequence[Offer] = ()
    ) -> None:
        super().__init__(parent)
        self._words, self._offers = words, tuple(offers)
        frame = QFrame(self)
        frame.setFrameShape(QFrame.Shape.StyledPanel)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(frame)
        inside = QVBoxLayout(frame)
        self._told: QLabel = text(frame)
        inside.addWidget(self._told)
        row = QHBoxLayout()
        row.addStretch()
        self._buttons = [QPushButton(frame) for _each in self._offers]
        for button, offer in zip(self._buttons, self._offers, strict=True):
            button.clicked.connect(partial(_take, offer))
            row.addWidget(button)
        self._later = QPushButton(frame)
        self._later.clicked.connect(lambda _checked=False: self.put_off.emit())
        self.put_off.connect(self.hide)
        row.addWidget(self._later)
        inside.addLayout(row)
        self.say()

    def say(self) -> None:
        """What it is about."""
        words = self._words()
        self._told.setText(words)
        self.setAccessibleName(words)
        for button, offer in zip(self._buttons, self._offers, strict=True):
            button.setText(offer.words())
            button.setAccessibleDescription(words)
        self._later.setText(_("Not now"))
        self._later.setAccessibleDescription(words)


def _take(offer: Offer, *_checked: bool) -> None:
    """PySide calls a partial with what the signal has, or without (6.12)."""
    offer.take()
