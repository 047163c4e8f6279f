"""The place on a page for the PIN of a token that is chosen, or comes, while the page is shown."""

from __future__ import annotations

from lockwright.models import Token
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lockwright_window.fields.ask_pin import AskPin


class PinPlace(QWidget):
    """Asks for the PIN of one token at a time; another token is asked for its own anew."""

    changed = Signal()
    """``ready`` may be another now."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.ask: AskPin | None = None
        """Asks for it; None where there is no token."""
        self._place = QVBoxLayout(self)
        self._place.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_token(self, token: Token | None) -> None:
        """Ask for another token's; what was typed for the one before is overwritten.

        Args:
            token: the token; None for none.
        """
        if self.ask is not None:
            self.ask.wipe()
            self._place.removeWidget(self.ask)
            self.ask.deleteLater()
            self.ask = None
        if token is not None:
            self.ask = AskPin(self, token)
            self.ask.changed.connect(self.changed)
            self._place.addWidget(self.ask)
        self.setVisible(self.ask is not None)

    def ready(self) -> bool:
        """Whether there is a token, and its PIN can be gone on with."""
        return self.ask is not None and self.ask.ready()

    def tell(self, error: Exception) -> bool:
        """Whether an error is about this PIN, which then says so; see ``AskPin.tell``."""
        return self.ask is not None and self.ask.tell(error)

    def wipe(self) -> None:
        """Overwrite what was typed."""
        if self.ask is not None:
            self.ask.wipe()

    def first(self) -> QWidget | None:
        """What has the focus; None where nothing is to be typed."""
        return None if self.ask is None else self.ask.first()
