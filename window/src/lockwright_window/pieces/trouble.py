"""An error in full: what happened, what it cost, what to do next, and its code."""

from __future__ import annotations

from lockwright.console.clean import clean
from lockwright.i18n import _
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lockwright_window.pieces.labels import text
from lockwright_window.words.advice import told


class Trouble(QWidget):
    """A label for each of them; one that has nothing to say is not there."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parts = [text(self) for _each in range(4)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for each in self._parts:
            layout.addWidget(each)

    def tell(self, error: Exception) -> None:
        """Put an error into the language in use.

        Args:
            error: what was raised.
        """
        found = told(error)
        code = _("Code for the bank's support: {code}").format(code=found.code)
        words = (found.in_full, clean(found.cost), clean(found.advice), code)
        for label, each in zip(self._parts, words, strict=True):
            label.setText(each)
            label.setVisible(bool(each))
