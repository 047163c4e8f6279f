"""Qt's model of what is on a token; a row is put into words when it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lockwright.i18n import _
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication

from lockwright_window.pieces.hints import hint
from lockwright_window.pieces.weights import colour, signed
from lockwright_window.words.content import Cells, Node, Sort, flat

Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
_ROLE = Qt.ItemDataRole


class ContentModel(QAbstractItemModel):
    """The rows of a listing in two columns: what it is, and how it is."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._top: tuple[Node, ...] = ()
        self._nodes: list[Node] = []
        self._places: list[tuple[int, int]] = []
        """Of each node, by its number: the number of the one above it, or -1, and its row there."""
        self._numbers: dict[str, int] = {}
        self._told: dict[int, Cells] = {}

    def show(self, nodes: Sequence[Node]) -> bool:
        """Show other rows.

        Returns:
            Whether there are others; where there are the same, only their words are told again.
        """
        new = tuple(nodes)
        if [node.key for node in flat(new)] == [node.key for node in self._nodes]:
            self._take(new)
            self.say()
            return False
        self.beginResetModel()
        self._take(new)
        self.endResetModel()
        return True

    def say(self) -> None:
        """Put every row into the language in use, once it is shown."""
        self._told.clear()
        self.changed_everywhere()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 1)

    @property
    def top(self) -> tuple[Node, ...]:
        """The rows above all others."""
        return self._top

    def changed_everywhere(self) -> None:
        """Every row looks another way now; what is chosen and open stays.

        A view draws all that is seen anew for a range of rows, those below them too. To be told of
        another layout takes it 0.3 s for 1,000 rows that are open and chosen (6.12).
        """
        if self._top:
            last = self.index(len(self._top) - 1, 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def node(self, index: Index) -> Node:
        """The node of a row."""
        return self._nodes[index.internalId()]

    def rows(self, above: Index, first: int, last: int) -> tuple[Node, ...]:
        """The nodes of rows side by side.

        Args:
            above: the row that they are below; an invalid index for those above all others.
            first: number of the first.
            last: number of the last.
        """
        return self._below(above)[first : last + 1]

    def cells(self, index: Index) -> Cells:
        """The words of a row."""
        number = index.internalId()
        if number not in self._told:
            self._told[number] = self._nodes[number].tell()
        return self._told[number]

    def find(self, key: str) -> QModelIndex:
        """The row of a key; an invalid index if there is none."""
        number = self._numbers.get(key)
        if number is None:
            return QModelIndex()
        return self.createIndex(self._places[number][1], 0, number)

    def runs(self, keys: Iterable[str]) -> Iterator[tuple[QModelIndex, QModelIndex]]:
        """Rows by their keys, those side by side together: the first and the last of each run.

        Args:
            keys: which rows; one that there is none of is left out.
        """
        numbers = {self._numbers[key] for key in keys if key in self._numbers}
        places = sorted((*self._places[number], number) for number in numbers)
        begun = 0
        for at, (above, row, number) in enumerate(places):
            if at + 1 == len(places) or places[at + 1][:2] != (above, row + 1):
                _, first, top = places[begun]
                yield self.createIndex(first, 0, top), self.createIndex(row, 0, number)
                begun = at + 1

    def index(self, row: int, column: int, parent: Index = _NONE) -> QModelIndex:
        """The row below another."""
        below = self._below(parent)
        if not 0 <= row < len(below) or not 0 <= column < 2:  # noqa: PLR2004  # its columns
            return QModelIndex()
        return self.createIndex(row, column, self._numbers[below[row].key])

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]  # Qt has two of it
        """The row above another."""
        above = self._places[index.internalId()][0] if index.isValid() else -1
        if above < 0:
            return QModelIndex()
        return self.createIndex(self._places[above][1], 0, above)

    def rowCount(self, parent: Index = _NONE) -> int:  # noqa: N802  # Qt's name
        """How many rows are below one."""
        return len(self._below(parent)) if parent.column() <= 0 else 0

    def columnCount(self, _parent: Index = _NONE) -> int:  # noqa: N802  # Qt's name
        """What it is, and how it is."""
        return 2

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        """What a cell shows."""
        if not index.isValid():
            return None
        cells, is_name = self.cells(index), index.column() == 0
        if role == _ROLE.DisplayRole:
            return cells.name if is_name else signed(cells.state, cells.weight)
        if role == _ROLE.AccessibleTextRole:
            return cells.name if is_name else cells.state
        if role == _ROLE.ToolTipRole:
            return hint("\n".join(filter(None, (cells.name, cells.state, *cells.more))))
        if role == _ROLE.ForegroundRole and not is_name:
            return colour(cells.weight, QApplication.palette())
        return None

    def headerData(  # noqa: N802  # Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        """What stands over a column."""
        if role != _ROLE.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return (_("On the token"), _("State"))[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every row can be walked to; an object has none below it."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        last = self.node(index).sort in {Sort.CERTIFICATE, Sort.OBJECT}
        return usual | Qt.ItemFlag.ItemNeverHasChildren if last else usual

    def _take(self, nodes: tuple[Node, ...]) -> None:
        self._top, self._nodes, self._places, self._numbers = nodes, [], [], {}
        self._told.clear()
        self._number(nodes, -1)

    def _number(self, nodes: tuple[Node, ...], above: int) -> None:
        for row, node in enumerate(nodes):
            number = len(self._nodes)
            self._nodes.append(node)
            self._places.append((above, row))
            self._numbers[node.key] = number
            self._number(node.children, number)

    def _below(self, index: Index) -> tuple[Node, ...]:
        return self.node(index).children if index.isValid() else self._top
