"""The list of tokens at the left."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.console.clean import clean
from lockwright.i18n import _
from lockwright.models import Token, TokenKey
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from lockwright_window.speaking import Says

_KEY = Qt.ItemDataRole.UserRole


class TokenList(Says):
    """The tokens; the first one is chosen where none was."""

    chosen = Signal(object)
    """Another token is chosen: its ``TokenKey``, or None."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._tokens: Sequence[Token] = ()
        self._list = QListWidget(self)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setWordWrap(True)
        self._list.currentItemChanged.connect(self._on_chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._list)
        self.say()

    @property
    def key(self) -> TokenKey | None:
        """The token that is chosen."""
        found = [item.data(_KEY) for item in self._list.selectedItems()]
        return found[0] if found else None

    def show_tokens(self, tokens: Sequence[Token]) -> None:
        """Show other tokens; the one that was chosen stays so while it is there."""
        self._tokens = tokens
        before = self.key
        self._list.blockSignals(True)  # noqa: FBT003  # Qt's signature
        self._list.clear()
        for token in tokens:
            item = QListWidgetItem(_words(token))
            item.setToolTip(item.text())
            item.setData(_KEY, token.identity.key)
            self._list.addItem(item)
            if before is not None and token.identity.is_it(before):
                self._list.setCurrentItem(item)
        if self._list.currentItem() is None and tokens:
            self._list.setCurrentRow(0)
        self._list.blockSignals(False)  # noqa: FBT003  # the same

    def say(self) -> None:
        """Its words."""
        self._list.setAccessibleName(_("Tokens"))
        self.show_tokens(self._tokens)

    def _on_chosen(self) -> None:
        self.chosen.emit(self.key)


def _words(token: Token) -> str:
    label = clean(token.identity.label) or _("without a label")
    return f"{label}\n{clean(token.identity.model)} · {clean(token.serial)}"
