"""A QR code, drawn sharp at every scale."""

from __future__ import annotations

import segno
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_QUIET = 4
"""Modules that are left white around it (ISO/IEC 18004)."""
_MODULE = 3
"""Pixels of a module, at 100 %."""


class Qr(QWidget):
    """A QR code; black on white whatever the colours of the desktop, since scanners want that.

    Args:
        parent: where it is.
        text: what it says.
    """

    def __init__(self, parent: QWidget, text: str) -> None:
        super().__init__(parent)
        self._image = _drawn(text)
        self.setFixedSize(self.sizeHint())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """As many pixels as its modules need."""
        return self._image.size() * _MODULE

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw it."""
        painter = QPainter(self)
        painter.drawImage(self.rect(), self._image)


def _drawn(text: str) -> QImage:
    """A pixel for each module."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    side = len(rows) + 2 * _QUIET
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    for y, row in enumerate(rows, _QUIET):
        for x, dark in enumerate(row, _QUIET):
            if dark:
                image.setPixel(x, y, 0xFF000000)
    return image
