"""The simple view of a token: is it in order, what is to be done next, and what can be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from lockwright.console.clean import clean
from lockwright.i18n import _
from lockwright.models import Token, TokenObject
from lockwright.operations.certificates import read_certificate
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from lockwright_window.pieces.labels import heading, text
from lockwright_window.speaking import Says
from lockwright_window.stories.acts import ACTS, Mode
from lockwright_window.words.outlook import outlook


class Simple(Says):
    """One token, for people who want it to work."""

    wanted = Signal(object, object)
    """Something is to be done: the ``Act`` and the token."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._token: Token | None = None
        self._certificates: Sequence[TokenObject] = ()
        self._mode = Mode.USER
        self._heading, self._serial, self._outlook = heading(self), text(self), text(self)
        self._buttons = {each.name: QPushButton(self) for each in ACTS}
        layout = QVBoxLayout(self)
        for each in (self._heading, self._serial, self._outlook, *self._buttons.values()):
            layout.addWidget(each)
        layout.addStretch()
        for act in ACTS:
            self._buttons[act.name].clicked.connect(
                lambda _checked, act=act: self.wanted.emit(act, self._token)
            )

    def show_token(self, token: Token, certificates: Sequence[TokenObject], mode: Mode) -> None:
        """Show a token.

        Args:
            token: the token.
            certificates: those that anyone may see on it.
            mode: whose things are shown.
        """
        self._token, self._certificates, self._mode = token, certificates, mode
        self.say()

    def say(self) -> None:
        """The token in the language in use."""
        token = self._token
        if token is None:
            return
        self._heading.setText(clean(token.identity.label) or _("without a label"))
        self._serial.setText(_("Serial number: {serial}").format(serial=clean(token.serial)))
        read = [read_certificate(each) for each in self._certificates]
        found = outlook(token, read, datetime.now(UTC))
        self._outlook.setText(found.sentence)
        for act in ACTS:
            button = self._buttons[act.name]
            why_not = act.why_not(token)
            button.setText(_(act.words))
            button.setVisible(bool(act.mode & self._mode))
            button.setEnabled(not why_not)
            button.setToolTip(why_not)
