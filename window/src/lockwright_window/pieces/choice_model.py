"""The rows of a listing with a tick before each; a container is ticked as its objects are."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from lockwright_window.pieces.content_model import ContentModel, Index
from lockwright_window.words.content import Node, Sort

_ROLE = Qt.ItemDataRole
_ON, _SOME, _OFF = Qt.CheckState.Checked, Qt.CheckState.PartiallyChecked, Qt.CheckState.Unchecked


class ChoiceModel(ContentModel):
    """Rows that are ticked."""

    ticked = Signal()
    """Others are ticked."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._on: set[str] = set()

    @property
    def chosen(self) -> list[Node]:
        """What is ticked: a container where all of it is, otherwise single objects."""
        found: list[Node] = []
        waiting = list(self.top)
        while waiting:
            node = waiting.pop(0)
            if node.sort is not Sort.GROUP and self._state(node) is _ON:
                found.append(node)
            else:
                waiting[:0] = node.children
        return found

    def tick(self, nodes: list[Node]) -> None:
        """Tick these, and nothing else."""
        self._on = {leaf.key for node in nodes for leaf in _leaves(node)}
        self._tell()

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        """What a cell shows."""
        if role == _ROLE.CheckStateRole and index.isValid() and index.column() == 0:
            return self._state(self.node(index))
        return super().data(index, role)

    def setData(self, index: Index, value: Any, role: int = _ROLE.EditRole) -> bool:  # noqa: N802
        """A tick is set or taken away."""
        if role != _ROLE.CheckStateRole or not index.isValid():
            return False
        leaves = {leaf.key for leaf in _leaves(self.node(index))}
        if Qt.CheckState(value) is _OFF:
            self._on -= leaves
        else:
            self._on |= leaves
        self._tell()
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Each can be ticked."""
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable

    def _state(self, node: Node) -> Qt.CheckState:
        leaves = [leaf.key in self._on for leaf in _leaves(node)]
        if not any(leaves):
            return _OFF
        return _ON if all(leaves) else _SOME

    def _tell(self) -> None:
        self.changed_everywhere()
        self.ticked.emit()


def _leaves(node: Node) -> list[Node]:
    """What is at the end of a row."""
    if not node.children:
        return [] if node.sort is Sort.GROUP else [node]
    return [leaf for child in node.children for leaf in _leaves(child)]
