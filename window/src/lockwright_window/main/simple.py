"""The simple view of a token: is it in order, what is to be done next, and what can be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from lockwright.console.clean import clean
from lockwright.i18n import _
from lockwright.models import Certificate, Token
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from lockwright_window.main.act_buttons import ActButtons
from lockwright_window.pieces.labels import heading, text
from lockwright_window.pieces.scrolled import scrolled
from lockwright_window.pieces.weights import Tinted
from lockwright_window.speaking import Says
from lockwright_window.stories.acts import Mode
from lockwright_window.words.named import called
from lockwright_window.words.outlook import SOON, outlook


class Simple(Says):
    """One token, for people who want it to work."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._token: Token | None = None
        self._certificates: Sequence[Certificate] = ()
        self._soon = SOON
        self._heading, self._serial = heading(self), text(self)
        self._sign, self._outlook = Tinted(self), heading(self)
        self.acts = ActButtons(self)
        panel = QFrame(self)
        panel.setFrameShape(QFrame.Shape.StyledPanel)
        said = QHBoxLayout(panel)
        self._sign.setFont(self._heading.font())
        said.addWidget(self._sign, alignment=Qt.AlignmentFlag.AlignTop)
        said.addWidget(self._outlook, stretch=1)
        page = scrolled(self)
        for each in (self._heading, self._serial, panel, self.acts):
            page.addWidget(each)
        page.addStretch()

    def show_token(
        self, token: Token, certificates: Sequence[Certificate], soon: int = SOON
    ) -> None:
        """Show a token.

        Args:
            token: the token.
            certificates: those that anyone may see on it.
            soon: days before its end at which a certificate is to be renewed.
        """
        self._token, self._certificates, self._soon = token, certificates, soon
        self.say()

    def say(self) -> None:
        """The token in the language in use."""
        token = self._token
        if token is None:
            return
        self._heading.setText(called(token.identity))
        self._serial.setText(_("Serial number: {serial}").format(serial=clean(token.serial)))
        found = outlook(token, self._certificates, datetime.now(UTC), self._soon)
        self._outlook.setText(found.sentence)
        self._sign.setText(found.weight.sign)
        self._sign.setAccessibleName(found.brief)
        self._sign.weigh(found.weight)
        self.acts.show_token(token, Mode.USER, found.act)
