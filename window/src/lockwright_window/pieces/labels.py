"""Labels: a heading, a text that wraps, a name that is cut with dots and whole as a tooltip."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from lockwright_window.pieces.hints import hint
from lockwright_window.pieces.weights import colour
from lockwright_window.words.weight import Weight

_BIG = 1.35


def heading(parent: QWidget | None = None) -> QLabel:
    """A label for what a page is about."""
    label = QLabel(parent)
    font = QFont(label.font())
    font.setPointSizeF(font.pointSizeF() * _BIG)
    font.setBold(True)
    label.setFont(font)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def text(parent: QWidget | None = None) -> QLabel:
    """A label for sentences; what is in it is text, whatever a token is called."""
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def strong(parent: QWidget | None = None) -> QLabel:
    """A label for a sentence that matters more than those around it."""
    label = text(parent)
    font = QFont(label.font())
    font.setBold(True)
    label.setFont(font)
    return label


def warning(parent: QWidget | None = None) -> QLabel:
    """A label for what must not be overlooked: a sign, bold, and a colour beside them."""
    return WarningLabel(parent)


class WarningLabel(QLabel):
    """A sentence behind the sign of what is wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        font = QFont(self.font())
        font.setBold(True)
        self.setFont(font)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, colour(Weight.WRONG, palette))
        self.setPalette(palette)

    def setText(self, text: str) -> None:  # noqa: N802  # Qt's name
        """Say something else."""
        super().setText(f"{Weight.SOON.sign} {text}" if text else "")
        self.setAccessibleName(text)


class Name(QLabel):
    """A name in one line; one that is too long ends in dots, and is whole as the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:  # noqa: N802  # Qt's name
        """Show another name."""
        super().setText(text)
        self.setToolTip(hint(text))
        self.setAccessibleName(text)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw as much of it as there is room for."""
        mode = Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(self.text(), mode, self.width())
        painter = QPainter(self)
        painter.drawText(self.rect(), self.alignment(), shown)
