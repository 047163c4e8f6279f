"""The columns of a tree: the state has the room that its words need, the name all the rest.

Qt's own way, to resize a column to its contents, turns in circles in a low window: the words decide
whether a scroll bar is shown, and the scroll bar which words are (6.12).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lockwright.cli import phrases
from lockwright.i18n import _, ngettext
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QHeaderView, QTreeView

from lockwright_window.pieces.weights import signed
from lockwright_window.words.weight import Weight

_MOST = 0.5
"""How much of the width the state has at most."""
_EDGE = 16
_DAYS = 888


class Columns(QObject):
    """Fits the two columns of a tree to its width.

    Args:
        tree: the tree, with its model.
    """

    def __init__(self, tree: QTreeView) -> None:
        super().__init__(tree)
        self._tree = tree
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionsMovable(False)
        tree.viewport().installEventFilter(self)

    def fit(self) -> None:
        """Fit them now; the language may be another."""
        width = self._tree.viewport().width()
        state = min(self._needed(), round(width * _MOST))
        self._tree.header().resizeSection(0, width - state)
        self._tree.header().resizeSection(1, state)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """The tree has another width."""
        if event.type() is QEvent.Type.Resize:
            self.fit()
        return False

    def _needed(self) -> int:
        days = ngettext("{number} day left", "{number} days left", _DAYS).format(number=_DAYS)
        date = phrases.date(datetime.now(UTC) + timedelta(days=_DAYS))
        words = signed(_("{days}, until {date}").format(days=days, date=date), Weight.FINE)
        return self._tree.fontMetrics().horizontalAdvance(words) + _EDGE
