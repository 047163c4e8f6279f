"""The window's colours as Qt has them: the system's wish, or what somebody chose.

Windows and macOS colour everything themselves, also where much contrast is wanted, so their colours
stay unless others are chosen. Elsewhere Qt 6.12 has dark colours at best, and never such with much
contrast; but it tells of both what the user of GNOME wishes, and goes on telling.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from lockwright_window.pieces.colours import SCHEMES, SYSTEM, Colours
from lockwright_window.pieces.sheet import sheet

_OWN = sys.platform not in ("win32", "darwin")

_Role = QPalette.ColorRole
_GROUND = (_Role.Window, _Role.Button, _Role.ToolTipBase)
_TEXT = (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.ToolTipText, _Role.BrightText)


class Palette(QObject):
    """Colours the program, and again when the system's wish changes.

    Args:
        application: the program.
        wish: ``system``, or the name of colours (``colours.SCHEMES``).
    """

    def __init__(self, application: QApplication, wish: str) -> None:
        super().__init__(application)
        self._application = application
        self._wish = wish
        self.use()
        if wish == SYSTEM and _OWN:
            hints = QGuiApplication.styleHints()
            hints.colorSchemeChanged.connect(self.use)
            hints.accessibility().contrastPreferenceChanged.connect(self.use)

    @Slot()
    def use(self) -> None:
        """Colour everything."""
        name = _wished() if self._wish == SYSTEM else self._wish
        if name != SYSTEM:
            self.wear(name)

    def wear(self, name: str) -> None:
        """Colour everything in colours of a name.

        The palette comes first: what has a line of its own keeps, for good, the one it meets there
        (Qt 6.12), and would be dark on dark.

        Args:
            name: of the colours.
        """
        colours = SCHEMES[name]
        self._application.setPalette(palette(colours))
        self._application.setStyleSheet(sheet(colours))


def palette(colours: Colours) -> QPalette:
    """Colours as Qt has them.

    Args:
        colours: the colours.
    """
    made = QPalette(QColor(colours.ground))
    for role in _GROUND:
        made.setColor(role, QColor(colours.ground))
    for role in _TEXT:
        made.setColor(role, QColor(colours.text))
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.faint))
    for role, colour in (
        (_Role.Base, colours.field),
        (_Role.AlternateBase, colours.stripe),
        (_Role.PlaceholderText, colours.faint),
        (_Role.Highlight, colours.chosen),
        (_Role.Accent, colours.chosen),
        (_Role.HighlightedText, colours.on_chosen),
        (_Role.Link, colours.link),
        (_Role.LinkVisited, colours.link),
    ):
        made.setColor(role, QColor(colour))
    return made


def _wished() -> str:
    """The name of the colours that the system wishes; ``system`` where it has its own."""
    if not _OWN:
        return SYSTEM
    hints = QGuiApplication.styleHints()
    shade = "dark" if hints.colorScheme() is Qt.ColorScheme.Dark else "light"
    much = hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast
    return f"contrast-{shade}" if much else shade
