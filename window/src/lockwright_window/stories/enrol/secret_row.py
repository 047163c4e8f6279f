"""A field for a PIN or a password, with what it is called and what is to be known of it."""

from __future__ import annotations

from collections.abc import Callable

from lockwright.secret import Secret
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from lockwright_window.pieces.labels import text
from lockwright_window.speaking import Says


class SecretRow(Says):
    """One secret.

    Args:
        parent: where it is.
        words: what it is called, in the language in use.
        hint: what is to be known of it; may be empty.
    """

    changed = Signal()
    """Something was typed."""
    done = Signal()
    """Enter was pressed in it."""

    def __init__(
        self, parent: QWidget, words: Callable[[], str], hint: Callable[[], str] = str
    ) -> None:
        super().__init__(parent)
        self._words, self._hint_words = words, hint
        self._label = QLabel(self)
        self.field = QLineEdit(self)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.textChanged.connect(lambda _text: self.changed.emit())
        self._label.setBuddy(self.field)
        self._hint = text(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for each in (self._label, self.field, self._hint):
            layout.addWidget(each)
        self.say()

    def filled(self) -> bool:
        """Whether something is in it."""
        return bool(self.field.text())

    def take(self) -> Secret:
        """What was typed, handed over; the field is empty then."""
        taken = Secret(self.field.text())
        self.wipe()
        return taken

    def wipe(self) -> None:
        """Empty it."""
        self.field.clear()

    def say(self) -> None:
        """What it is called."""
        self._label.setText(self._words())
        self.field.setAccessibleName(self._words())
        self._hint.setText(self._hint_words())
        self._hint.setVisible(bool(self._hint.text()))
