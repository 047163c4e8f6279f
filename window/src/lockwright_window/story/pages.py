"""The pages of a story: one is shown, and what has no room on the screen is scrolled to."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from lockwright_window.pieces.scrolled import Scroll


class Pages(QStackedWidget):
    """Pages, each as tall as it needs to be.

    Args:
        parent: the widget it belongs to.
    """

    lacking = Signal(int)
    """The page that is shown has too little room: how many pixels of its height are hidden."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._areas: dict[QWidget, Scroll] = {}

    def turn_to(self, page: QWidget) -> None:
        """Show a page.

        Args:
            page: the page; it is the stack's from now on.
        """
        if page not in self._areas:
            self._areas[page] = area = Scroll(self, page)
            page.installEventFilter(self)
            self.addWidget(area)
        self.setCurrentWidget(self._areas[page])
        self._look(page)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """A page may have become taller."""
        kinds = (QEvent.Type.LayoutRequest, QEvent.Type.Resize)
        if event.type() in kinds and isinstance(watched, QWidget):
            self._look(watched)
        return False

    def _look(self, page: QWidget) -> None:
        area, layout = self._areas[page], page.layout()
        if area is not self.currentWidget() or layout is None:
            return
        if not self.isVisible() or area.size() != self.size():
            return  # it has not got its place yet; it is looked at again then
        room = area.viewport().size()
        needed = layout.totalMinimumHeightForWidth(room.width())
        if needed < 0:
            needed = layout.totalMinimumSize().height()
        if needed > room.height():
            self.lacking.emit(needed - room.height())
