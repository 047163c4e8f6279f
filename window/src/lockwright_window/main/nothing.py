"""What is at the right where no token is chosen: that none is there, or why none is seen."""

from __future__ import annotations

from lockwright.i18n import _
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from lockwright_window.pieces.labels import heading, text
from lockwright_window.speaking import Says
from lockwright_window.words.advice import told


class Nothing(Says):
    """No token is shown."""

    enrol_wanted = Signal()
    """A certificate is wanted, which may go to the system or to a file."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.looked = False
        """Whether the first look has ended."""
        self.left_out: Exception | None = None
        """Why a token may be missed; None where none is."""
        self._error: Exception | None = None
        self._heading, self._text = heading(self), text(self)
        layout = QVBoxLayout(self)
        layout.addWidget(self._heading)
        layout.addWidget(self._text)
        self._enrol = QPushButton(self)
        self._enrol.clicked.connect(lambda _checked: self.enrol_wanted.emit())
        layout.addWidget(self._enrol)
        layout.addStretch()
        self.say()

    @Slot(object)
    def tell(self, error: Exception | None) -> None:
        """Why no token can be looked at; None where they can be."""
        self._error = error
        self.say()

    def say(self) -> None:
        """What is so."""
        self._enrol.setText(_("Get a new certificate"))
        self._enrol.setVisible(self.looked and self._error is None)
        if self._error is not None:
            self._heading.setText(_("The tokens could not be looked at"))
            self._text.setText(told(self._error).line)
        elif self.looked:
            self._heading.setText(_("No token is connected"))
            insert = _("Insert your token; it is shown here by itself.")
            missed = "" if self.left_out is None else told(self.left_out).line
            self._text.setText("\n\n".join(filter(None, (insert, missed))))
        else:
            self._heading.setText(_("Looking for tokens…"))
            self._text.setText("")
