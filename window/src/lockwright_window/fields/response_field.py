"""The field for a Response: what is typed can be read, and each wrong place is marked at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lockwright_window.fields.pin_field import PinField
from lockwright_window.fields.typed import ROOM
from lockwright_window.pieces.weights import colour
from lockwright_window.words.weight import Weight

_LARGE = 1.5
"""Its size, the usual one being 1."""
_EDGE = 3
_BELOW = 6
"""Pixels below a character for the mark of a wrong one."""
_MOST = 16 * ROOM
"""Characters that are looked at of what is pasted: a message around a Response is shorter."""


class ResponseField(PinField):
    """A PIN field whose content is painted, so it can be compared with what is read out.

    A Response is an administrator's authentication until it was used, so it gets into Qt as little
    as a PIN does: no undo, no copy, no input method. It is pasted, since banks send it.

    Args:
        parent: the widget it belongs to.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, pastes=True)
        self._wrong: Collection[int] = ()
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.font().pointSizeF() * _LARGE)
        self.setFont(font)
        self.setMinimumHeight(self.fontMetrics().height() + 2 * _BELOW + 2 * _EDGE)

    def characters(self) -> list[str]:
        """What was typed, one after the other."""
        return list(self._typed.characters())

    def mark(self, wrong: Collection[int]) -> None:
        """Mark wrong places.

        Args:
            wrong: characters by their number, from 0.
        """
        self._wrong = frozenset(wrong)
        self.update()

    def show_typed(self, *, shown: bool) -> None:
        """It is always shown."""

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """The frame, each character, the selection, the cursor, and a sign below what is wrong."""
        painter = QPainter(self)
        inside = self.paint_frame(painter)
        characters, metrics = self.characters(), self.fontMetrics()
        widths = [metrics.horizontalAdvance(each) for each in characters]
        cursor = sum(widths[: self.cursorPosition()])
        left = inside.left() + _EDGE - max(0, cursor - inside.width() + 3 * _EDGE)
        top = inside.top() + (inside.height() - metrics.height() - _BELOW) // 2
        start, end = self._selected()
        for number, (character, width) in enumerate(zip(characters, widths, strict=True)):
            where = QRect(left, top, width, metrics.height())
            self._paint(painter, where, character, start <= number < end, number in self._wrong)
            left += width
        if self.hasFocus():
            x = left - sum(widths[self.cursorPosition() :])
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawLine(x, top, x, top + metrics.height())
        painter.end()

    def _paint(
        self,
        painter: QPainter,
        where: QRect,
        character: str,
        selected: bool,  # noqa: FBT001
        wrong: bool,  # noqa: FBT001
    ) -> None:
        palette = self.palette()
        if selected:
            painter.fillRect(where, palette.highlight())
        color = palette.highlightedText().color() if selected else palette.text().color()
        painter.setPen(colour(Weight.WRONG, palette) if wrong and not selected else color)
        font = QFont(self.font())
        font.setBold(wrong)
        painter.setFont(font)
        painter.drawText(where, Qt.AlignmentFlag.AlignHCenter, character)
        if wrong:
            _point_at(painter, QPoint(where.center().x(), where.bottom() + 1))

    def _paste(self) -> None:
        """From the clipboard; a message breaks lines, and has marks that nobody sees, anywhere."""
        text = QGuiApplication.clipboard().text()
        found = " ".join(_seen(text).split()) if len(text) <= _MOST else ""
        if found and found.isprintable():
            self._insert(found)
        else:
            self.refused.emit()


def _seen(text: str) -> str:
    """A text without what only says how it is set: marks of direction, of byte order, of breaks."""
    return "".join(each for each in text if unicodedata.category(each) != "Cf")


def _point_at(painter: QPainter, tip: QPoint) -> None:
    """A small triangle below a character: the mark is a sign, not a colour alone."""
    pen = painter.pen()
    painter.setBrush(pen.color())
    half = _BELOW // 2
    painter.drawPolygon([tip, tip + QPoint(-half, _BELOW - 1), tip + QPoint(half, _BELOW - 1)])
    painter.setBrush(Qt.BrushStyle.NoBrush)
