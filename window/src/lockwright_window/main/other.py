"""What is at the right for an entry with which nothing can be done: what it is, and why not."""

from __future__ import annotations

from lockwright.i18n import _
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from lockwright_window.pieces.labels import heading
from lockwright_window.pieces.scrolled import scrolled
from lockwright_window.pieces.trouble import Trouble
from lockwright_window.speaking import Says


class Other(Says):
    """A blank token, one that nobody here knows, or a module that failed."""

    enrol_wanted = Signal()
    """A certificate is wanted, which may go to another place."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._enrol = QPushButton(self)
        self._enrol.clicked.connect(lambda _checked: self.enrol_wanted.emit())
        self._name = ""
        self._error: Exception | None = None
        self._heading = heading(self)
        self._trouble = Trouble(self)
        page = scrolled(self)
        for each in (self._heading, self._trouble, self._enrol):
            page.addWidget(each)
        page.addStretch()

    def show_error(self, name: str, error: Exception) -> None:
        """Show why nothing can be done.

        Args:
            name: what the entry is called.
            error: why.
        """
        self._name, self._error = name, error
        self.say()

    def say(self) -> None:
        """Put it into the language in use."""
        if self._error is None:
            return
        self._enrol.setText(_("Get a new certificate"))
        self._heading.setText(self._name)
        self._trouble.tell(self._error)
