"""The colours that stand beside a word and a sign; readable on a light window and on a dark one."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QWidget

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


class Tinted(QLabel):
    """A label whose words are in the colour of a weight, also once the program's are others."""

    weight = Weight.PLAIN
    """What it begins with."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tint()

    def weigh(self, weight: Weight) -> None:
        """Write its words in the colour of another weight.

        Args:
            weight: how much they matter.
        """
        self.weight = weight
        self._tint()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """The colours are others, perhaps."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange}:
            self._tint()

    def _tint(self) -> None:
        wanted = colour(self.weight, QApplication.palette())
        palette = self.palette()
        if palette.color(QPalette.ColorRole.WindowText) != wanted:
            palette.setColor(QPalette.ColorRole.WindowText, wanted)
            self.setPalette(palette)


def signed(words: str, weight: Weight) -> str:
    """Words behind the sign of a weight."""
    return f"{weight.sign} {words}".strip() if words else ""
