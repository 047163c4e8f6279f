"""What is at the right for an entry with which nothing can be done: what it is, and why not."""

from __future__ import annotations

from lockwright.console.clean import clean
from lockwright.i18n import _
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from lockwright_window.pieces.labels import heading, text
from lockwright_window.pieces.scrolled import scrolled
from lockwright_window.speaking import Says
from lockwright_window.words.advice import told


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
        self._parts = [text(self) for _each in range(4)]
        page = scrolled(self)
        for each in (self._heading, *self._parts):
            page.addWidget(each)
        page.addWidget(self._enrol)
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
        found = told(self._error)
        points = "".join(f"\n  • {clean(each)}" for each in found.details)
        code = _("Code for the bank's support: {code}").format(code=found.code)
        self._heading.setText(self._name)
        words = (clean(found.message) + points, clean(found.cost), clean(found.advice), code)
        for label, each in zip(self._parts, words, strict=True):
            label.setText(each)
            label.setVisible(bool(each))
