"""Draws an entry of the list in two lines; what is too long ends in dots."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from lockwright_window.pieces.weights import colour, signed
from lockwright_window.words.entries import Entry, Kind

ENTRY = Qt.ItemDataRole.UserRole
_GAP = 6
_INDENT = 14


class EntryPainter(QStyledItemDelegate):
    """Draws entries: what it is called, and below it how it is."""

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
        entry: Entry = index.data(ENTRY)
        whole = QStyleOptionViewItem(option)
        self.initStyleOption(whole, index)
        whole.text = ""
        style = whole.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, whole, painter, whole.widget)
        _draw(painter, whole, entry)


def _draw(painter: QPainter, option: QStyleOptionViewItem, entry: Entry) -> None:
    rect: QRect = option.rect
    palette: QPalette = option.palette
    state: QStyle.StateFlag = option.state
    chosen = bool(state & QStyle.StateFlag.State_Selected)
    role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
    group = QPalette.ColorGroup.Active
    if not state & QStyle.StateFlag.State_Active:
        group = QPalette.ColorGroup.Inactive
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
