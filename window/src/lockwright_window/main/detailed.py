"""The detailed view of a token, and that of its administrator: a tab PKI, and one on the token."""

from __future__ import annotations

from lockwright.console.clean import clean
from lockwright.i18n import _
from lockwright.models import Token
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from lockwright_window.main.contents import Contents
from lockwright_window.main.information import Information
from lockwright_window.main.pki import Pki
from lockwright_window.pieces.labels import Name
from lockwright_window.speaking import Says
from lockwright_window.stories.acts import Mode
from lockwright_window.words.named import called


class Detailed(Says):
    """One token, with all that is on it and known of it.

    Args:
        parent: where it is.
        contents: reads it.
    """

    def __init__(self, parent: QWidget, contents: Contents) -> None:
        super().__init__(parent)
        self._token: Token | None = None
        self._name = Name(self)
        self._tabs = QTabWidget(self)  # before its pages, so that Tab comes to it first
        self.pki, self._information = Pki(self, contents), Information(self)
        self._tabs.addTab(self.pki, "PKI")
        self._tabs.addTab(self._information, "")
        layout = QVBoxLayout(self)
        layout.addWidget(self._name)
        layout.addWidget(self._tabs, stretch=1)
        self.say()

    def show_token(self, token: Token, mode: Mode) -> None:
        """Show a token.

        Args:
            token: the token.
            mode: whose acts are shown.
        """
        self._token = token
        self.pki.show_token(token, mode)
        self._information.show_token(token)
        self.say()

    def say(self) -> None:
        """Put its own words into the language in use."""
        self._tabs.setAccessibleName(_("Views of the token"))
        self._tabs.setTabText(1, _("Token information"))
        self._information.say()
        if self._token is not None:
            identity = self._token.identity
            self._name.setText(f"{called(identity)} · {clean(identity.serial)}")
