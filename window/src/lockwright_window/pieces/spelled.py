"""Something that is read aloud: large, in groups, the words for the telephone below each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from lockwright_window.words.spelled import Group

_IN_A_ROW = 4
_LARGE, _SMALL = 1.9, 0.9
"""Sizes, the usual one being 1."""


class Spelled(QWidget):
    """Groups of characters with the words that spell them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._cells: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(0)

    def show_groups(self, name: str, groups: Sequence[Group]) -> None:
        """Show other groups.

        Args:
            name: what it is, for a screen reader.
            groups: in their order.
        """
        self.setAccessibleName(f"{name} {' '.join(each.characters for each in groups)}")
        while len(self._cells) < len(groups):
            self._add()
        for (large, small), each in zip(self._cells, groups, strict=True):
            large.setText(each.characters)
            small.setText(each.words)
            small.setAccessibleName(f"{each.characters}: {each.words}")

    def _add(self) -> None:
        large, small = QLabel(self), QLabel(self)
        row, column = divmod(len(self._cells), _IN_A_ROW)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        size = self.font().pointSizeF()
        large.setFont(_sized(fixed, size * _LARGE, bold=True))
        small.setFont(_sized(QFont(self.font()), size * _SMALL))
        small.setWordWrap(True)
        small.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        for at, label in enumerate((large, small)):
            label.setTextFormat(Qt.TextFormat.PlainText)
            self._grid.addWidget(label, 2 * row + at, column)
        large.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._cells.append((large, small))


def _sized(font: QFont, size: float, *, bold: bool = False) -> QFont:
    font.setPointSizeF(size)
    font.setBold(bold)
    return font
