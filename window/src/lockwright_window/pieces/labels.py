"""Labels: a heading, a text that wraps, a name that is cut with dots and whole as a tooltip."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from lockwright_window.pieces.hints import hint
from lockwright_window.pieces.weights import Tinted
from lockwright_window.words.long import breakable
from lockwright_window.words.weight import Weight

_BIG = 1.35
L = TypeVar("L", bound=QLabel)


class Wrapped(QLabel):
    """Sentences in as many lines as they need; what is in it is text, whatever a token is called.

    A name without a space is broken somewhere, or the page would be as wide as the name is.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str) -> None:  # noqa: N802  # Qt's name
        """Say something else."""
        broken = breakable(text)
        super().setText(broken)
        self.setAccessibleName("" if broken == text else text)


class Weighed(Wrapped, Tinted):
    """Sentences in the colour of a weight, also once the program's colours are others."""


def heading(parent: QWidget | None = None) -> Wrapped:
    """A label for what a page is about."""
    label = Wrapped(parent)
    embolden(label, _BIG)
    return label


def text(parent: QWidget | None = None) -> Wrapped:
    """A label for sentences."""
    return _selectable(Wrapped(parent))


def weighed(parent: QWidget | None = None) -> Weighed:
    """A label for sentences that say how something is, in the colour of that as well."""
    return _selectable(Weighed(parent))


def _selectable(label: L) -> L:
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def strong(parent: QWidget | None = None) -> Wrapped:
    """A label for a sentence that matters more than those around it."""
    label = text(parent)
    embolden(label)
    return label


def embolden(widget: QWidget, larger: float = 1.0) -> None:
    """Write a widget's words in bold.

    Args:
        widget: a label, or a button.
        larger: how many times as large as usual.
    """
    font = QFont(widget.font())
    font.setPointSizeF(font.pointSizeF() * larger)
    font.setBold(True)
    widget.setFont(font)


class Loss(Weighed):
    """A sentence that must not be overlooked: bold, behind a sign, and in a colour beside them."""

    weight = Weight.WRONG

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        embolden(self)

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
