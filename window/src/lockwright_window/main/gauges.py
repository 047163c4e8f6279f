"""What is measured of a token: tries left, unblocks left, and memory as a bar with words."""

from __future__ import annotations

from lockwright.cli import phrases
from lockwright.i18n import _
from lockwright.models import Token
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from lockwright_window.pieces.labels import weighed
from lockwright_window.pieces.weights import signed
from lockwright_window.speaking import Says
from lockwright_window.words.facts import pin_fact, unblocks_left, used


class Gauges(Says):
    """A line on the PIN, and a bar for the memory; what nobody knows is called unknown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._token: Token | None = None
        self._pin = weighed(self)
        self._memory, self._bar = QLabel(self), QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setMaximumHeight(self.fontMetrics().height())
        self._bar.setMinimumWidth(80)
        self._bar.setMaximumWidth(160)
        row = QHBoxLayout()
        row.addWidget(self._memory)
        row.addWidget(self._bar, stretch=1)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pin)
        layout.addLayout(row)

    def show_token(self, token: Token) -> None:
        """Show a token's."""
        self._token = token
        self.say()

    def say(self) -> None:
        """Put them into the language in use."""
        if self._token is None:
            return
        state = self._token.state
        pin = pin_fact(_("User PIN"), state.user_pin)
        told = _("{name}: {value}").format(name=pin.name, value=signed(pin.value, pin.weight))
        left = unblocks_left(state.user_pin)
        more = _("{name}: {value}").format(name=_("Unblocks left"), value=left)
        self._pin.setText(f"{told}. {more}.")
        self._pin.weigh(pin.weight)
        self._say_memory()

    def _say_memory(self) -> None:
        memory = None if self._token is None else self._token.state.memory
        share = used(memory)
        words = phrases.memory(memory)
        self._memory.setText(_("{name}: {value}").format(name=_("Memory"), value=words))
        self._bar.setVisible(share is not None)
        self._bar.setValue(share or 0)
        self._bar.setAccessibleName(_("Used memory"))
        self._bar.setAccessibleDescription(words)
