"""The colours that stand beside a word and a sign; readable on a light window and on a dark one."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget

from lockwright_window.pieces.colours import SCHEMES
from lockwright_window.words.weight import Weight

_MIDDLE = 128


def colour(weight: Weight, palette: QPalette) -> QColor:
    """The colour of a weight; at least 4.5 to 1 against the ground (WCAG 2.2, 1.4.3).

    Args:
        weight: how much it matters.
        palette: of the widget that shows it.
    """
    if weight is Weight.PLAIN:
        return palette.color(QPalette.ColorRole.Text)
    dark = palette.color(QPalette.ColorRole.Base).lightness() < _MIDDLE
    strong = palette.color(QPalette.ColorRole.Window) == palette.color(QPalette.ColorRole.Base)
    name = f"{'contrast-' if strong else ''}{'dark' if dark else 'light'}"
    return QColor(SCHEMES[name].weight(weight))


def tint(widget: QWidget, weight: Weight) -> None:
    """Write a widget's words in the colour of a weight."""
    palette = widget.palette()
    palette.setColor(QPalette.ColorRole.WindowText, colour(weight, palette))
    widget.setPalette(palette)


def signed(words: str, weight: Weight) -> str:
    """Words behind the sign of a weight."""
    return f"{weight.sign} {words}".strip() if words else ""
