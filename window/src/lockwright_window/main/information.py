"""Everything that is known of a token itself, a line each."""

from __future__ import annotations

from lockwright.i18n import _
from lockwright.models import Token
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from lockwright_window.pieces.hints import hint
from lockwright_window.pieces.weights import colour
from lockwright_window.words.facts import facts
from lockwright_window.words.weight import Weight


class Information(QTreeWidget):
    """Names and values; by keys one goes from line to line, and each is read aloud."""

    _token: Token | None = None

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setColumnCount(2)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.header().setStretchLastSection(True)

    def show_token(self, token: Token) -> None:
        """Show a token's."""
        self._token = token
        self.say()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """The colours are others, perhaps; a line keeps the one that it was given."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.say()

    def say(self) -> None:
        """Put them into the language in use; lines are changed in place."""
        self.setAccessibleName(_("Token information"))
        self.setHeaderLabels([_("What"), _("How it is")])
        found = [] if self._token is None else list(facts(self._token))
        while self.topLevelItemCount() > len(found):
            self.takeTopLevelItem(self.topLevelItemCount() - 1)
        for row, fact in enumerate(found):
            item = self.topLevelItem(row) or QTreeWidgetItem(self)
            item.setText(0, fact.name[:1].upper() + fact.name[1:])
            marked = fact.weight is not Weight.FINE
            item.setText(1, f"{fact.weight.sign} {fact.value}" if marked else fact.value)
            item.setToolTip(1, hint(fact.value))
            shade = colour(fact.weight, QApplication.palette()) if marked else None
            item.setData(1, Qt.ItemDataRole.ForegroundRole, shade)
