"""Text of many lines that is read and walked through, and not written into."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit, QWidget


class ReadOnly(QPlainTextEdit):
    """Lines of text; Tab leaves it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
