"""A page that is scrolled where the window is too low for it, and never cut at its side."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

_LOWEST = 120


def scrolled(page: QWidget) -> QVBoxLayout:
    """Make a page one that is scrolled.

    Args:
        page: the page, without a layout.

    Returns:
        The layout for what is on it.
    """
    inside = QWidget()
    whole = QVBoxLayout(page)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.addWidget(Scroll(page, inside))
    return QVBoxLayout(inside)


def come_into_sight(widget: QWidget) -> None:
    """Scroll to a widget, where the page that it is on is taller than its place."""
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None:
        above.ensureWidgetVisible(widget, 0, 0)


class Scroll(QScrollArea):
    """What a page is scrolled in, as wide as the page needs at least.

    Args:
        parent: where it is.
        inside: the page.
    """

    def __init__(self, parent: QWidget, inside: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """What is in it is never cut at its side."""
        inside, bar = self.widget(), self.verticalScrollBar()
        if inside is None or bar is None:
            return super().minimumSizeHint()
        return QSize(inside.minimumSizeHint().width() + bar.sizeHint().width(), _LOWEST)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """What is in it needs another width now, perhaps: in another language."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
