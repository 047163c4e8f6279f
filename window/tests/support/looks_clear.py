"""How well the words of a window, and what is round its controls, are told from what is behind.

It is measured in what is drawn, point by point, as WCAG 2.2 has it: 1.4.3 for words, 1.4.11 for
controls and for the mark of the focus, 1.4.1 for colours that say something.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lockwright_window.pieces.colours import Colours, contrast
from lockwright_window.words.weight import Weight
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QCursor, QImage
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QTabBar,
    QToolButton,
    QWidget,
)
from words_shown import Words, words_shown

TEXT, MUCH, LINE = 4.5, 7.0, 3.0
_LOST = 0.97
"""The thinnest letters are drawn a little paler than their colour; 3 % of the contrast at most."""
_FEW = 2
"""Points that are of a letter, and of no chance."""
_HALF = 5
"""Pixels of a strip across an edge."""
_SIGNS = tuple(each.sign for each in Weight if each.sign)


class Drawn:
    """What a widget looks like at the moment, or a part of it.

    Args:
        widget: the widget.
        part: the part; None for all of it.
    """

    def __init__(self, widget: QWidget, part: QRect | None = None) -> None:
        taken = widget.grab(part or widget.rect()).toImage()
        self._image = taken.convertToFormat(QImage.Format.Format_RGB32)
        self._ratio = self._image.devicePixelRatio()

    def points(self, at: QRect) -> list[int]:
        """The colours of a part of it, 0xRRGGBB each, row after row."""
        left, top = round(at.left() * self._ratio), round(at.top() * self._ratio)
        part = self._image.copy(
            left, top, round(at.width() * self._ratio), round(at.height() * self._ratio)
        )
        return [each & 0xFFFFFF for each in memoryview(part.constBits()).cast("I")]

    def two(self, at: QRect, few: int = _FEW) -> tuple[str, str]:
        """The colour behind a part of it, and the one that is told from that best."""
        found = Counter(self.points(at))
        behind = _name(found.most_common(1)[0][0])
        drawn = [_name(colour) for colour, number in found.items() if number >= few]
        return behind, max(drawn, key=lambda each: contrast(each, behind), default=behind)


def unclear(window: QWidget, colours: Colours) -> list[str]:
    """What of a window cannot be read well, or is told by its colour alone."""
    drawn = Drawn(window)
    least = (MUCH if colours.strong else TEXT) * _LOST
    found = []
    for each in words_shown(window):
        behind, before = drawn.two(each.at)
        told = contrast(before, behind)
        if told < (TEXT * _LOST if _is_paler(each, window) else least):
            found.append(f"{told:.2f} to 1, {before} on {behind}: {each.words[:60]!r}")
        elif _says_something(before, colours) and not _is_signed(each):
            found.append(f"told by its colour alone, {before}: {each.words[:60]!r}")
    for widget, edge in _edges(window):
        behind, before = drawn.two(edge, few=1)  # a circle has no two points of one colour
        if (told := contrast(before, behind)) < LINE:
            found.append(f"{told:.2f} to 1 is the line round {_called(widget)}")
    return found


def unseen_focus(window: QWidget) -> list[str]:
    """Controls of which nobody sees that they have the focus, once it comes to them by key."""
    before = QApplication.focusWidget()
    found = []
    for each in window.findChildren(QWidget):
        by_key = each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isEnabled()
        seen = _marked(each)
        if not by_key or each.focusProxy() is not None or seen.isEmpty():
            continue
        each.clearFocus()
        without = _ring(each, seen)
        each.setFocus(Qt.FocusReason.TabFocusReason)
        others = Counter(zip(without, _ring(each, seen), strict=True)).items()
        changed = sum(
            number for (one, other), number in others if contrast(_name(one), _name(other)) >= LINE
        )
        if changed < (seen.width() + seen.height()) // 2:
            found.append(f"{changed} points tell the focus of {_called(each)}")
    if before is not None:
        before.setFocus()
    return found


def _marked(each: QWidget) -> QRect:
    """What of a control has a line round it once it has the focus, as far as it can be seen."""
    whole = each.tabRect(each.currentIndex()) if isinstance(each, QTabBar) else each.rect()
    return whole.intersected(each.visibleRegion().boundingRect()) if each.isVisible() else QRect()


def _ring(each: QWidget, at: QRect) -> list[int]:
    """The points along the edges of a part of it."""
    drawn = Drawn(each, at)
    wide, high = at.width(), at.height()
    strips = (
        QRect(0, 0, wide, _HALF),
        QRect(0, high - _HALF, wide, _HALF),
        QRect(0, 0, _HALF, high),
        QRect(wide - _HALF, 0, _HALF, high),
    )
    return [point for strip in strips for point in drawn.points(strip)]


def mark(each: QWidget) -> QRect:
    """What is pressed, ticked or typed into, without the words beside it."""
    option = QStyleOptionButton()
    option.initFrom(each)
    if isinstance(each, QRadioButton):
        kind = QStyle.SubElement.SE_RadioButtonIndicator
    elif isinstance(each, QCheckBox):
        kind = QStyle.SubElement.SE_CheckBoxIndicator
    else:
        return each.rect()
    return each.style().subElementRect(kind, option, each)


def _edges(window: QWidget) -> Iterator[tuple[QWidget, QRect]]:
    """A strip across the left edge of each control that can be used, in the window."""
    kinds = (QPushButton, QToolButton, QLineEdit, QComboBox, QPlainTextEdit, QAbstractItemView)
    for each in window.findChildren(QWidget):
        if not isinstance(each, (*kinds, QRadioButton, QCheckBox)) or isinstance(each, QHeaderView):
            continue
        at = mark(each)
        seen = each.visibleRegion().boundingRect()
        if each.isVisible() and each.isEnabled() and seen.contains(at):
            middle = at.top() + at.height() // 2
            strip = QRect(at.left() - 1, middle - _HALF, _HALF, 2 * _HALF)
            yield each, strip.translated(each.mapTo(window, each.rect().topLeft()))


def _is_paler(each: Words, window: QWidget) -> bool:
    """A row of a list below the mouse, or to which keys have come; all of it is, by Fusion."""
    rows = each.of
    if not isinstance(rows, QAbstractItemView):
        return False
    below = window.mapFromGlobal(QCursor.pos()).y()
    current = rows.visualRect(rows.currentIndex()).center()
    there = (rows.viewport().mapTo(window, current).y(), below if rows.underMouse() else -1)
    return any(each.at.top() <= y <= each.at.bottom() for y in there)


def _says_something(colour: str, colours: Colours) -> bool:
    """Whether a colour is one of those that say how something is."""
    return colour in {colours.fine, colours.soon, colours.wrong}


def _is_signed(each: Words) -> bool:
    return any(sign in each.words for sign in _SIGNS)


def _called(each: QWidget) -> str:
    name = each.accessibleName() or getattr(each, "text", str)()
    return f"{type(each).__name__} {name[:60]!r}"


def _name(colour: int) -> str:
    return f"#{colour:06x}"
