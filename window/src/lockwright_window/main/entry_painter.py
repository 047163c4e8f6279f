"""Draws an entry of the list in two lines; what is too long ends in dots."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QListWidget, QStyledItemDelegate, QStyleOptionViewItem

from lockwright_window.pieces.weights import colour, signed
from lockwright_window.words.entries import Entry, Kind

ENTRY = Qt.ItemDataRole.UserRole
_GAP = 6
_INDENT = 14


class EntryPainter(QStyledItemDelegate):
    """Draws entries: what it is called, and below it how it is.

    ``QStyle`` is not named here: PySide6 makes Python's of its 1,000 names where it first is, for
    5 ms, and the first token waits for that (6.12).

    Args:
        shown: the list.
    """

    def __init__(self, shown: QListWidget) -> None:
        super().__init__(shown)
        self._list = shown

    def sizeHint(  # noqa: N802  # Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Two lines, whatever the words."""
        del index
        return QSize(0, 2 * option.fontMetrics.height() + 3 * _GAP)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one."""
        super().paint(painter, option, index)
        chosen = self._list.selectionModel().isSelected(index)
        _draw(painter, option, index.data(ENTRY), chosen=chosen, active=self._list.isActiveWindow())

    def initStyleOption(  # noqa: N802  # Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """All but the words is drawn as in any list."""
        super().initStyleOption(option, index)
        option.text = ""


def _draw(
    painter: QPainter, option: QStyleOptionViewItem, entry: Entry, *, chosen: bool, active: bool
) -> None:
    rect: QRect = option.rect
    palette: QPalette = option.palette
    role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
    group = QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive
    plain = palette.color(group, role)
    left = _GAP + (_INDENT if entry.inside else 0)
    room = rect.adjusted(left, _GAP, -_GAP, -_GAP)
    bold = QFont(option.font)
    bold.setBold(entry.key.kind is not Kind.DEVICE)
    painter.save()
    painter.setFont(bold)
    painter.setPen(plain)
    _line(painter, room, entry.title)
    painter.setFont(option.font)
    room.setTop(room.top() + option.fontMetrics.height() + _GAP)
    if entry.key.kind is Kind.DEVICE:
        _line(painter, room, entry.second)
    else:
        painter.setPen(plain if chosen else colour(entry.weight, palette))
        _line(painter, room, signed(entry.second, entry.weight))
    painter.restore()


def _line(painter: QPainter, room: QRect, words: str) -> None:
    metrics = QFontMetrics(painter.font())
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
    painter.drawText(room, flags | Qt.TextFlag.TextSingleLine, shown)
