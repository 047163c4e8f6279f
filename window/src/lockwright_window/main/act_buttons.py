"""Buttons for what can be done with a token; those that cannot be pressed say why, below them."""

from __future__ import annotations

from lockwright.i18n import _
from lockwright.models import Token
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QPushButton, QVBoxLayout, QWidget

from lockwright_window.pieces.flow import Flow
from lockwright_window.pieces.hints import hint
from lockwright_window.pieces.labels import embolden, text
from lockwright_window.speaking import Says
from lockwright_window.stories.acts import ACTS, Act, Mode

_BIG = 1.25


class ActButtons(Says):
    """A button for each act, one that mends something larger than the others and before them.

    Args:
        parent: where they are.
        in_row: side by side where there is room, otherwise one below the other.
    """

    wanted = Signal(object, object)
    """Something is to be done: the ``Act`` and the token."""

    def __init__(self, parent: QWidget, *, in_row: bool = False) -> None:
        super().__init__(parent)
        self._token: Token | None = None
        self._mode = Mode.USER
        self._mends: str | None = None
        self._big = QPushButton(self)
        self._small = {act.name: QPushButton(self) for act in ACTS}
        self._why = text(self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        row: QLayout = Flow() if in_row else QVBoxLayout()
        whole.addWidget(self._big)
        whole.addLayout(row)
        whole.addWidget(self._why)
        embolden(self._big, _BIG)
        self._big.clicked.connect(self._on_big)
        for act in ACTS:
            button = self._small[act.name]
            row.addWidget(button)
            button.clicked.connect(lambda _checked=False, act=act: self._want(act))
        for each in (self._big, *self._small.values()):
            each.setAutoDefault(True)

    def show_token(self, token: Token, mode: Mode, mends: str | None = None) -> None:
        """Show what can be done.

        Args:
            token: the token.
            mode: whose acts are shown.
            mends: the act that puts it in order; it has the large button.
        """
        self._token, self._mode, self._mends = token, mode, mends
        self.say()

    def focus(self) -> bool:
        """Give the focus to the first that can be pressed; whether there is one."""
        for button in (self._big, *self._small.values()):
            if button.isVisible() and button.isEnabled():
                button.setFocus()
                return True
        return False

    def say(self) -> None:
        """Put them into the language in use."""
        token = self._token
        if token is None:
            return
        reasons: dict[str, list[str]] = {}
        mends = False
        for act in ACTS:
            shown = bool(act.mode & self._mode)
            why_not = act.why_not(token)
            is_big = act.name == self._mends and shown and not why_not
            mends = mends or is_big
            if is_big:
                self._big.setText(_(act.words))
                self._big.setDefault(True)
            self._say_one(self._small[act.name], act, why_not, shown=shown and not is_big)
            if shown and why_not:
                reasons.setdefault(why_not, []).append(_(act.words))
        self._big.setVisible(mends)
        self._why.setText("\n".join(_because(names, why) for why, names in reasons.items()))
        self._why.setVisible(bool(reasons))

    def _say_one(self, button: QPushButton, act: Act, why_not: str, *, shown: bool) -> None:
        button.setText(_(act.words))
        button.setEnabled(not why_not)
        button.setToolTip(hint(why_not))
        button.setVisible(shown)

    def _on_big(self) -> None:
        found = next((act for act in ACTS if act.name == self._mends), None)
        if found is not None:
            self._want(found)

    def _want(self, act: Act) -> None:
        self.wanted.emit(act, self._token)


def _because(names: list[str], why: str) -> str:
    """Why some buttons are greyed, for who reads it, and for who cannot come to them by keys."""
    return _("{buttons}: {why}").format(buttons=", ".join(names), why=why)
