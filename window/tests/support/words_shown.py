"""Where words stand in a window, and what else of it is drawn: every kind of widget is known here.

A kind that is not is a fault of its own, so that no new one is overlooked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lockwright_window.main.entry_painter import ENTRY
from lockwright_window.pieces.weights import signed
from lockwright_window.words.entries import Entry
from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QFrame,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QScrollBar,
    QSplitter,
    QSplitterHandle,
    QStackedWidget,
    QStyle,
    QStyleOptionButton,
    QTabBar,
    QTabWidget,
    QToolBar,
    QToolButton,
    QTreeView,
    QWidget,
)

HOLDERS = (
    *(QMainWindow, QMessageBox, QSplitter, QSplitterHandle, QStackedWidget, QTabWidget, QToolBar),
    *(QScrollBar, QMenu, QAbstractScrollArea, QProgressBar),
)
"""They only hold others, or have no words of their own."""
_EDGE = 5
_Element = QStyle.SubElement


class Words(NamedTuple):
    """Words, and where they stand."""

    words: str
    of: QWidget
    at: QRect
    """In the window."""
    greyed: bool = False
    """Whether it cannot be used."""


def words_shown(window: QWidget) -> Iterator[Words]:
    """Every word of a window that can be seen."""
    for each in window.findChildren(QWidget):
        seen = each.visibleRegion().boundingRect()
        if not each.isVisible() or seen.isEmpty():
            continue
        for words, where, greyed in _of(each):
            at = where.intersected(seen)
            if words.strip() and at.width() > 3 and at.height() > each.fontMetrics().xHeight():
                yield Words(words, each, at.translated(each.mapTo(window, QPoint())), greyed)


def unknown(window: QWidget) -> list[str]:
    """Kinds of widgets that draw something by themselves, of which nothing is known here."""
    known = (QLabel, QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QTabBar, QFrame)
    return sorted(
        {
            f"{type(each).__name__} is drawn in a way that is not known here"
            for each in window.findChildren(QWidget)
            if each.isVisible()
            and not isinstance(each, (*known, *HOLDERS))
            and type(each).paintEvent is not QWidget.paintEvent
            and type(each).__name__ != "Qr"
        }
    )


def _of(each: QWidget) -> Iterator[tuple[str, QRect, bool]]:
    greyed = not each.isEnabled()
    if isinstance(each, QLabel):
        yield each.text(), each.contentsRect(), greyed
    elif isinstance(each, QAbstractButton):
        yield each.text(), _button(each), greyed
    elif isinstance(each, (QLineEdit, QComboBox)):
        yield _typed(each), each.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE), greyed
    elif isinstance(each, QTabBar):
        for number in range(each.count()):
            edge = each.tabRect(number).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
            yield each.tabText(number), edge, greyed
    elif isinstance(each, QPlainTextEdit):
        yield each.toPlainText(), each.viewport().geometry(), greyed
    elif isinstance(each, QAbstractItemView):
        yield from _view(each)


def _typed(each: QLineEdit | QComboBox) -> str:
    if isinstance(each, QComboBox):
        return each.currentText()
    return each.text() or each.placeholderText()


def _view(each: QAbstractItemView) -> Iterator[tuple[str, QRect, bool]]:
    if isinstance(each, QHeaderView):
        yield from _header(each)
    else:
        for index in _rows(each):
            yield from _cell(each, index)


def _button(each: QAbstractButton) -> QRect:
    option = QStyleOptionButton()
    option.initFrom(each)
    if isinstance(each, QRadioButton):
        return each.style().subElementRect(_Element.SE_RadioButtonContents, option, each)
    if isinstance(each, QCheckBox):
        return each.style().subElementRect(_Element.SE_CheckBoxContents, option, each)
    if isinstance(each, (QPushButton, QToolButton)):
        return each.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
    raise TypeError(f"nobody knows where the words of a {type(each).__name__} stand")


def _header(each: QHeaderView) -> Iterator[tuple[str, QRect, bool]]:
    for section in range(each.count()):
        left, wide = each.sectionViewportPosition(section), each.sectionSize(section)
        words = each.model().headerData(section, each.orientation())
        yield str(words), QRect(left + 3, 2, wide - 6, each.height() - 4), False


def _rows(view: QAbstractItemView) -> Iterator[QModelIndex]:
    model = view.model()
    waiting = [QModelIndex()]
    while waiting:
        above = waiting.pop()
        for row in range(model.rowCount(above)):
            first = model.index(row, 0, above)
            columns = view.header().count() if isinstance(view, QTreeView) else 1
            for index in (first.siblingAtColumn(each) for each in range(columns)):
                if not view.visualRect(index).isEmpty():
                    yield index
            if isinstance(view, QTreeView) and view.isExpanded(first):
                waiting.append(first)


def _cell(view: QAbstractItemView, index: QModelIndex) -> Iterator[tuple[str, QRect, bool]]:
    at = view.visualRect(index).translated(view.viewport().pos())
    if index.data(Qt.ItemDataRole.CheckStateRole) is not None:
        at.adjust(view.fontMetrics().height() + 6, 0, 0, 0)
    greyed = not index.flags() & Qt.ItemFlag.ItemIsEnabled
    entry = index.data(ENTRY)
    told = [entry.title, signed(entry.second, entry.weight)] if isinstance(entry, Entry) else []
    lines = told or str(index.data() or "").split("\n")
    high = at.height() // len(lines)
    for number, words in enumerate(lines):
        yield words, QRect(at.left(), at.top() + number * high, at.width(), high), greyed
