"""Lines round controls, as a style sheet: Qt's own are a darker ground, which is none."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFontMetrics, QGuiApplication

from lockwright_window.pieces.colours import Colours

_PICTURES = Path(__file__).parent.parent / "pictures"


def sheet(colours: Colours) -> str:
    """The style sheet of the whole window, for the program's font.

    Args:
        colours: the colours.
    """
    side = QFontMetrics(QGuiApplication.font()).height() // 2 * 2
    return _controls(colours, side) + _views(colours, side) + _marks(colours, side)


def _controls(colours: Colours, side: int) -> str:
    """What is pressed, chosen or typed into."""
    down = _picture("down", _on_field(colours))
    return f"""
        QPushButton, QToolButton, QLineEdit, QPlainTextEdit, QComboBox, QProgressBar {{
            border: 1px solid {colours.line}; border-radius: 2px; padding: 4px 8px;
            background: {colours.field}; color: {colours.text};
        }}
        QPushButton:focus, QToolButton:focus, QLineEdit:focus, QPlainTextEdit:focus,
        QComboBox:focus {{
            border: 2px solid {colours.chosen}; padding: 3px 7px;
        }}
        QPushButton:disabled, QToolButton:disabled {{
            border-style: dashed; color: {colours.faint};
        }}
        QPushButton:pressed, QToolButton:pressed, QToolButton:checked {{
            background: {colours.chosen}; color: {colours.on_chosen};
        }}
        QComboBox::drop-down {{ border: none; width: {side}px; }}
        QComboBox::down-arrow {{
            image: url({down});
            width: {side * 2 // 3}px; height: {side * 2 // 3}px;
        }}
        QProgressBar {{ text-align: center; padding: 0; }}
        QProgressBar::chunk {{ background: {colours.done}; }}
    """


def _views(colours: Colours, side: int) -> str:
    """Lists, trees, menus, tabs, and what they are scrolled with."""
    right, down = (_picture(sign, _on_field(colours)) for sign in ("right", "down"))
    chosen = _on_chosen(colours)
    right_chosen, down_chosen = (_picture(sign, chosen) for sign in ("right", "down"))
    return f"""
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
        QTreeView::branch:closed:has-children {{ image: url({right}); }}
        QTreeView::branch:open:has-children {{ image: url({down}); }}
        QTreeView::branch:closed:has-children:selected {{ image: url({right_chosen}); }}
        QTreeView::branch:open:has-children:selected {{ image: url({down_chosen}); }}
        QAbstractItemView:focus {{ border: 2px solid {colours.chosen}; }}
    """


def _marks(colours: Colours, side: int) -> str:
    """What is ticked or chosen by a mark.

    That of a radio button is a circle only where its radius is half its side to the pixel; Qt 6.12
    draws one whose radius is larger as a square. So its side is even.
    """
    tick, dot, dash = (_picture(sign, _on_chosen(colours)) for sign in ("tick", "dot", "dash"))
    return f"""
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


def _on_chosen(colours: Colours) -> str:
    return "black" if colours.dark else "white"


def _on_field(colours: Colours) -> str:
    return "white" if colours.dark else "black"


def _picture(sign: str, colour: str) -> str:
    """The file of a sign that stands in a control."""
    return (_PICTURES / f"{sign}-{colour}.svg").as_posix()
