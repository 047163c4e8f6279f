"""The list of what is connected, at the left."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.i18n import _
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from lockwright_window.main.entry_painter import ENTRY, EntryPainter
from lockwright_window.pieces.hints import hint
from lockwright_window.speaking import Says
from lockwright_window.words.entries import Entry, EntryKey, Kind, first

_NARROWEST = 150


class TokenList(Says):
    """The entries; one is chosen wherever there is one.

    What is chosen, and how far it is scrolled, stays while its entry is there; lines are changed
    in place, so that nothing flickers where nothing is new.
    """

    chosen = Signal(object)
    """Another entry is chosen by the person: its ``EntryKey``."""
    taken = Signal()
    """Enter was pressed on the entry that is chosen, or it was clicked twice."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._list = QListWidget(self)
        self._list.setItemDelegate(EntryPainter(self._list))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setUniformItemSizes(True)
        self._list.setMinimumWidth(_NARROWEST)
        self._list.currentItemChanged.connect(self._on_chosen)
        self._list.itemActivated.connect(self.taken)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._list)
        self.say()

    @property
    def key(self) -> EntryKey | None:
        """The entry that is chosen."""
        row = self._list.currentRow()
        entry: Entry | None = self._list.item(row).data(ENTRY) if row >= 0 else None
        return None if entry is None else entry.key

    def show_entries(self, found: Sequence[Entry]) -> None:
        """Show other entries, or the same in other words."""
        before = self.key
        self._list.blockSignals(True)  # noqa: FBT003  # Qt's signature
        while self._list.count() > len(found):
            self._list.takeItem(self._list.count() - 1)
        for row, entry in enumerate(found):
            _put(self._row(row), entry)
        self._choose(found, before)
        self._list.blockSignals(False)  # noqa: FBT003  # the same

    def say(self) -> None:
        """Its name; the entries are put into other words by whoever makes them."""
        self._list.setAccessibleName(_("Tokens"))

    def focus(self) -> None:
        """Take the focus."""
        self._list.setFocus()

    def _row(self, row: int) -> QListWidgetItem:
        if row >= self._list.count():
            self._list.addItem(QListWidgetItem())
        return self._list.item(row)

    def _choose(self, found: Sequence[Entry], before: EntryKey | None) -> None:
        keys = [entry.key for entry in found]
        wanted = before if before in keys else getattr(first(found), "key", None)
        if wanted is None:
            self._list.setCurrentRow(-1)
        elif self._list.currentRow() != keys.index(wanted):
            self._list.setCurrentRow(keys.index(wanted))

    def _on_chosen(self) -> None:
        self.chosen.emit(self.key)


def _put(item: QListWidgetItem, entry: Entry) -> None:
    if item.data(ENTRY) == entry:
        return
    item.setData(ENTRY, entry)
    item.setText(f"{entry.title}\n{entry.second}")
    item.setToolTip(hint(item.text()))
    is_heading = entry.key.kind is Kind.DEVICE
    item.setFlags(Qt.ItemFlag.NoItemFlags if is_heading else _CHOSEN)  # keys pass it by


_CHOSEN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
