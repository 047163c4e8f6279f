"""For now."""

from __future__ import annotations

from lockwright.errors import LockwrightError, PinIncorrect
from lockwright.i18n import _
from lockwright.models import Token
from lockwright.secret import Secret
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lockwright_window.fields.pin_entry import PinEntry
from lockwright_window.speaking import Says
from lockwright_window.words.advice import told


class AskPin(Says):
    changed = Signal()
    spends_last_try = False

    def __init__(
        self, parent: QWidget | None, token: Token, role: str = "", *, pastes: bool = False
    ) -> None:
        super().__init__(parent)
        self._needless = token.identity.pin_pad or not token.identity.login_required
        self._entry = PinEntry(self, lambda: _("PIN of the token"))
        self._entry.changed.connect(self.changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._entry)
        self._entry.setVisible(not self._needless)

    def ready(self) -> bool:
        return self._needless or self._entry.filled

    def take(self) -> Secret:
        return Secret(b"") if self._needless else self._entry.take()

    def tell(self, error: LockwrightError) -> bool:
        self._entry.tell(lambda: told(error).message)
        return isinstance(error, PinIncorrect)

    def wipe(self) -> None:
        self._entry.wipe()

    def first(self) -> QWidget | None:
        return None if self._needless else self._entry.field
