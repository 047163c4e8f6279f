"""The colours that stand beside a word and a sign; readable on a light window and on a dark one."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from lockwright_window.words.weight import Weight

_ON_LIGHT = {"fine": "#1b5e20", "soon": "#7a4f00", "wrong": "#b00020", "unknown": "#4a4a4a"}
_ON_DARK = {"fine": "#9be7a0", "soon": "#ffd54f", "wrong": "#ff9e9e", "unknown": "#cfcfcf"}
_MIDDLE = 128


def colour(weight: Weight, palette: QPalette) -> QColor:
    """The colour of a weight; at least 4.5 to 1 against the ground (WCAG 2.2, 1.4.3).

    Args:
        weight: how much it matters.
        palette: of the widget that shows it.
    """
    is_dark = palette.color(QPalette.ColorRole.Base).lightness() < _MIDDLE
    return QColor((_ON_DARK if is_dark else _ON_LIGHT)[weight.value])


def signed(words: str, weight: Weight) -> str:
    """Words behind the sign of a weight."""
    return f"{weight.sign} {words}" if words else ""
