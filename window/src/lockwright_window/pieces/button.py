"""A button that hears one press as one, from hands that double-click or rest on a key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QPushButton

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Button(QPushButton):
    """A button; where one page follows another at the same place, the next is not pressed by it.

    The second click of a double click, and a key that is held down, do nothing.
    """

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """It was pressed by the first click."""
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """A key is pressed once."""
        if event.isAutoRepeat() and event.key() in (*ENTER, Qt.Key.Key_Space):
            event.accept()
            return
        super().keyPressEvent(event)

    def offer(self, words: str) -> None:
        """Be shown by what it says.

        Args:
            words: that; where it says nothing it is hidden, and keeps its name.
        """
        if words:
            self.setText(words)
        self.setVisible(bool(words))
