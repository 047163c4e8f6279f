"""The window's colours as Qt has them: the system's wish, or what somebody chose.

Windows and macOS colour everything themselves, also where much contrast is wanted, so their colours
stay unless others are chosen. Elsewhere Qt 6.12 has dark colours at best, and never such with much
contrast; but it tells of both what the user of GNOME wishes, and goes on telling.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from lockwright_window.pieces.colours import SCHEMES, SYSTEM, Colours

_OWN = sys.platform not in ("win32", "darwin")
_PICTURES = Path(__file__).parent.parent / "pictures"

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
        self._application.setStyleSheet(_lines(colours))


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


def _lines(colours: Colours) -> str:
    """Lines around what can be pressed, ticked or typed into; Qt's are a darker ground: none.

    A mark of a radio button is a circle only where its radius is half its side to the pixel; Qt
    6.12 draws one whose radius is larger as a square. So its side is even.
    """
    on, off = ("black", "white") if colours.dark else ("white", "black")
    tick, dot, dash = (_picture(sign, on) for sign in ("tick", "dot", "dash"))
    side = QFontMetrics(QGuiApplication.font()).height() // 2 * 2
    return f"""
        QPushButton, QToolButton, QLineEdit, QPlainTextEdit, QComboBox, QProgressBar {{
            border: 1px solid {colours.line}; border-radius: 2px; padding: 4px 8px;
            background: {colours.field}; color: {colours.text};
        }}
        QAbstractItemView {{
            border: 1px solid {colours.line}; background: {colours.field};
            outline: 1px solid {colours.chosen};
        }}
        QHeaderView {{ border: none; }}
        QMenu {{ border: 1px solid {colours.line}; background: {colours.field}; }}
        QTabWidget::pane {{ border: 1px solid {colours.line}; }}
        QTabBar::tab {{
            border: 1px solid {colours.line}; background: {colours.ground}; color: {colours.text};
            padding: 4px 10px; margin-bottom: -1px;
        }}
        QTabBar::tab:selected {{
            background: {colours.field}; border-top: 3px solid {colours.chosen}; padding-top: 2px;
            border-bottom-color: {colours.field};
        }}
        QTabBar::tab:focus {{ border: 2px solid {colours.chosen}; padding: 3px 9px; }}
        QScrollBar {{ background: {colours.ground}; border: 1px solid {colours.line}; }}
        QScrollBar:vertical {{ width: {side}px; }}
        QScrollBar:horizontal {{ height: {side}px; }}
        QScrollBar::handle {{
            background: {colours.line}; min-width: {2 * side}px; min-height: {2 * side}px;
        }}
        QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
        QTreeView::branch:closed:has-children {{ image: url({_picture("right", off)}); }}
        QTreeView::branch:open:has-children {{ image: url({_picture("down", off)}); }}
        QTreeView::branch:closed:has-children:selected {{ image: url({_picture("right", on)}); }}
        QTreeView::branch:open:has-children:selected {{ image: url({_picture("down", on)}); }}
        QPushButton:focus, QToolButton:focus, QLineEdit:focus, QPlainTextEdit:focus,
        QComboBox:focus {{
            border: 2px solid {colours.chosen}; padding: 3px 7px;
        }}
        QAbstractItemView:focus {{ border: 2px solid {colours.chosen}; }}
        QPushButton:disabled, QToolButton:disabled {{
            border-style: dashed; color: {colours.faint};
        }}
        QPushButton:pressed, QToolButton:pressed, QToolButton:checked {{
            background: {colours.chosen}; color: {colours.on_chosen};
        }}
        QComboBox::drop-down {{ border: none; width: {side}px; }}
        QComboBox::down-arrow {{
            image: url({_picture("down", off)});
            width: {side * 2 // 3}px; height: {side * 2 // 3}px;
        }}
        QProgressBar {{ text-align: center; padding: 0; }}
        QProgressBar::chunk {{ background: {colours.done}; }}
        QCheckBox, QRadioButton {{
            border: 2px solid {colours.ground}; border-radius: 2px; padding: 1px;
        }}
        QCheckBox:focus, QRadioButton:focus {{ border-color: {colours.chosen}; }}
        QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator {{
            border: 1px solid {colours.line}; background: {colours.field};
            width: {side - 2}px; height: {side - 2}px;
        }}
        QAbstractItemView::indicator {{ width: 0.75em; height: 0.75em; }}
        QRadioButton::indicator {{ border-radius: {side // 2}px; }}
        QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{
            background: {colours.chosen}; image: url({tick});
        }}
        QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {{
            background: {colours.chosen}; image: url({dash});
        }}
        QRadioButton::indicator:checked {{ background: {colours.chosen}; image: url({dot}); }}
    """


def _picture(sign: str, colour: str) -> str:
    """The file of a sign that stands in a control."""
    return (_PICTURES / f"{sign}-{colour}.svg").as_posix()
