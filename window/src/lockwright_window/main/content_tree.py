"""The tree of what is on a token: what is chosen and open stays, a menu comes by mouse and key."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.i18n import _
from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from lockwright_window.pieces.columns import Columns
from lockwright_window.pieces.content_model import ContentModel
from lockwright_window.pieces.few_ranges import FewRanges
from lockwright_window.words.content import Node, Sort

_LEAST = (200, 150)
"""Pixels."""


class ContentTree(QTreeView):
    """The rows of a listing."""

    chosen = Signal()
    """Other rows are chosen."""
    menu_wanted = Signal(QPoint, bool)
    """The menu is to be shown: at which place of the screen, and whether a key asked for it."""
    bin_wanted = Signal()
    """Delete was pressed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = ContentModel(self)
        self.setModel(self._model)
        self.setSelectionModel(FewRanges(self._model, self))
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setExpandsOnDoubleClick(True)
        self.setTabKeyNavigation(False)
        self.setMinimumHeight(_LEAST[1])
        self._columns = Columns(self)
        self._nodes: list[Node] | None = None
        self.selectionModel().selectionChanged.connect(self._on_chosen)
        self.say()

    def show_nodes(self, nodes: Sequence[Node]) -> None:
        """Show other rows; it costs nothing where they are those that are shown."""
        if nodes is self._model.top:
            return
        opened = {node.key for index, node in self._walk() if self.isExpanded(index)}
        chosen = {node.key for node in self.nodes}
        current = self._key(self.currentIndex())
        scrolled = self.verticalScrollBar().value()
        was_empty = self._model.rowCount() == 0
        if not self._model.show(nodes):
            return
        if was_empty:
            self.expandToDepth(0)
        for key in opened:
            self.expand(self._model.find(key))
        self._choose(chosen, current)
        self.verticalScrollBar().setValue(scrolled)
        self._on_chosen()

    @property
    def nodes(self) -> list[Node]:
        """The rows that are chosen and can be deleted, without those below another of them."""
        if self._nodes is None:
            self._nodes = self._chosen_nodes()
        return self._nodes

    def _chosen_nodes(self) -> list[Node]:
        # ``selectedRows`` asks of each row whether all of it is chosen: 0.15 s for 1,000 of them.
        found = [
            node
            for each in self.selectionModel().selection().toList()
            for node in self._model.rows(each.parent(), each.top(), each.bottom())
            if node.sort is not Sort.GROUP
        ]
        inside = {below.key for node in found for below in node.children}
        return [node for node in found if node.key not in inside]

    def _on_chosen(self) -> None:
        self._nodes = None
        self.chosen.emit()

    def more(self) -> list[str]:
        """What is known of the row that is chosen; nothing of several."""
        if len(self.nodes) != 1:
            return []
        cells = self.nodes[0].tell()
        return list(filter(None, (cells.name, cells.state, *cells.more)))

    def say(self) -> None:
        """Put it into the language in use."""
        self.setAccessibleName(_("What is on the token"))
        self._model.say()
        self._columns.fit()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """As little as is of use; it is given all that is left."""
        return QSize(*_LEAST)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802  # Qt's name
        """Right click, or the menu key: beside the row that is current then."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        self.menu_wanted.emit(event.globalPos() if by_mouse else self._beside, not by_mouse)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Delete is the bin; Shift+F10 is the menu key of keyboards that have none."""
        shifted = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if event.key() == Qt.Key.Key_Delete:
            self.bin_wanted.emit()
        elif event.key() == Qt.Key.Key_F10 and shifted:
            self.menu_wanted.emit(self._beside, True)  # noqa: FBT003  # a signal's
        else:
            super().keyPressEvent(event)

    @property
    def _beside(self) -> QPoint:
        """A place of the screen below the row that is current."""
        rect = self.visualRect(self.currentIndex())
        return self.viewport().mapToGlobal(rect.bottomLeft())

    def _choose(self, keys: set[str], current: str | None) -> None:
        select = self.selectionModel()
        if current is not None and (index := self._model.find(current)).isValid():
            select.setCurrentIndex(index, select.SelectionFlag.NoUpdate)
        selection = QItemSelection()
        for first, last in self._model.runs(keys):
            selection.append(QItemSelectionRange(first, last.siblingAtColumn(1)))
        select.select(selection, select.SelectionFlag.ClearAndSelect)

    def _walk(self) -> list[tuple[QModelIndex, Node]]:
        """The rows that may be open."""
        found, waiting = [], [QModelIndex()]
        while waiting:
            above = waiting.pop()
            for row in range(self._model.rowCount(above)):
                index = self._model.index(row, 0, above)
                found.append((index, self._model.node(index)))
                if self.isExpanded(index):
                    waiting.append(index)
        return found

    def _key(self, index: QModelIndex) -> str | None:
        return self._model.node(index).key if index.isValid() else None
