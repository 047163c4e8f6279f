"""The field for a PIN or a password: what is typed never gets into Qt, only as many dots."""

from __future__ import annotations

from typing import Any

from lockwright.secret import Secret
from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import (
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QHideEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QWidget

from lockwright_window.fields import keys, pasting
from lockwright_window.fields.dead_keys import Dead
from lockwright_window.fields.screen import hidden_from_captures
from lockwright_window.fields.typed import Typed

_STANDS_FOR = "*"
"""What the line edit itself holds for each character."""
_EDGE = 2
"""Pixels beside the text, as Qt's own line edit leaves them."""
SHOWS = Qt.Key.Key_F4
"""Shows what was typed while it is held."""


class PinField(QLineEdit):
    """A line edit of dots. It looks, and is told by a screen reader, as Qt's own for passwords is.

    What is typed goes into ``Typed``. Qt holds a star for each character, so that its undo, its
    selection, what can be dragged, copied or asked for over the accessibility bus has nothing
    else. No input method sees it either; accents of dead keys are put on here.

    Args:
        parent: the widget it belongs to.
        pastes: whether it takes what is in the clipboard, which every program can read, many keep,
            and nobody here can wipe; None for what the bank's configuration says of PINs.
    """

    changed = Signal()
    """Something else is in it, perhaps nothing."""
    refused = Signal()
    """Something was not taken: pasted or dropped."""
    full = Signal()
    """Something was not taken: it would be longer than any PIN."""
    entered = Signal()
    """Enter was pressed; the dialog hears of it, too."""
    pressed = Signal()
    """A key was pressed or let go, or it got the focus: the keyboard may be another way now."""

    def __init__(self, parent: QWidget | None = None, *, pastes: bool | None = None) -> None:
        super().__init__(parent)
        self.pastes = pastes
        self._typed = typed = Typed()
        self._dead = Dead()
        self._shown = False
        self._own = False
        self.capitals: bool | None = None
        """Whether Caps Lock seems to be on, by the letter that was typed last; None if unknown."""
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)
        self.textChanged.connect(self._on_text)
        self.destroyed.connect(typed.wipe)

    @property
    def filled(self) -> bool:
        """Whether anything is in it."""
        return len(self._typed) > 0

    @property
    def has_cyrillic(self) -> bool:
        """Whether any of it is a Cyrillic letter."""
        return self._typed.has_cyrillic

    def begins(self, other: PinField) -> bool:
        """Whether what is in it is the beginning of what is in another one, or all of that."""
        return self._typed.begins(other._typed)

    def take(self) -> Secret:
        """A copy of what is in it, for use; whoever takes it wipes it. It stays in the field."""
        return self._typed.secret()

    def wipe(self) -> None:
        """Overwrite what is in it; the field is empty then."""
        self._dead.forget()
        if self.filled:
            self._typed.wipe()
            self._put_stars()
            self.changed.emit()

    def show_typed(self, *, shown: bool) -> None:
        """Show what was typed, or no more; it is painted, letter by letter, and nothing else.

        Args:
            shown: whether.
        """
        if shown is not self._shown:
            self._shown = shown
            hidden_from_captures(self.window(), hidden=shown)
            self.update()

    # --- keys -----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """A key was pressed."""
        self._press(event)
        self.pressed.emit()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """A key was let go."""
        if event.key() == SHOWS and not event.isAutoRepeat():
            self.show_typed(shown=False)
        super().keyReleaseEvent(event)
        self.pressed.emit()

    def _press(self, event: QKeyEvent) -> None:
        if event.key() == SHOWS and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.show_typed(shown=True)
        elif keys.moves(event):
            super().keyPressEvent(event)
        elif (characters := keys.deletes(event)) is not None:
            self._delete(characters)
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
        elif self._dead.press(event.key()):
            pass
        elif keys.types(event):
            self.capitals = keys.locked(event)
            self._insert(self._dead.put_on(event.text()))
        else:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.entered.emit()
            event.ignore()  # Enter and Escape are the dialog's; there is no copy, cut, undo or redo

    def _insert(self, text: str) -> None:
        start, end = self._selected()
        if start < end:
            self._typed.delete(start, end)
        before = len(self._typed)
        taken = self._typed.insert(start, text)
        self._put_stars(start + len(self._typed) - before)
        self.changed.emit()
        if not taken:
            self.full.emit()  # the last word: what has changed is that nothing has

    def _delete(self, characters: int) -> None:
        self._dead.forget()
        start, end = self._selected()
        if characters == 0:
            start, end = 0, len(self._typed)
        elif start == end:
            start, end = sorted((start, start + characters))
        start, end = max(start, 0), min(end, len(self._typed))
        if start < end:
            self._typed.delete(start, end)
            self._put_stars(start)
            self.changed.emit()

    def _selected(self) -> tuple[int, int]:
        """Where the selection begins and ends, both at the cursor if nothing is selected."""
        if not self.hasSelectedText():
            return self.cursorPosition(), self.cursorPosition()
        return self.selectionStart(), self.selectionEnd()

    def _put_stars(self, cursor: int = 0) -> None:
        self._own = True
        self.setText(_STANDS_FOR * len(self._typed))
        self.setCursorPosition(cursor)
        self._own = False

    # --- what comes another way ------------------------------------------------------------------

    def _paste(self) -> None:
        """From the clipboard, up to its first line break."""
        allowed = pasting.is_allowed() if self.pastes is None else self.pastes
        found = QGuiApplication.clipboard().text() if allowed else ""
        line = next(iter(found.splitlines()), "")
        if line.isprintable() and line:
            self._insert(line)
        else:
            self.refused.emit()

    def _on_text(self) -> None:
        """Qt was given text that is not ours: by a program that writes for people, or dropped."""
        if not self._own:
            self._put_stars(len(self._typed))
            self.refused.emit()

    def inputMethodQuery(self, query: Qt.InputMethodQuery, *more: Any) -> Any:  # noqa: N802  # Qt's
        """A line edit says that it takes an input method whatever its attribute is (Qt 6.12)."""
        enabled = Qt.InputMethodQuery.ImEnabled
        return False if query == enabled else super().inputMethodQuery(query, *more)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:  # noqa: N802  # Qt's name
        """An input method would learn what is typed: it is neither asked nor heard."""
        event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  # Qt's name
        """Nothing is dropped here."""
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """The middle button would put in what is selected elsewhere."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self.refused.emit()
        else:
            super().mouseReleaseEvent(event)

    # --- what is seen ---------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802  # Qt's name
        """It is typed into now."""
        super().focusInEvent(event)
        self.pressed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802  # Qt's name
        """It is typed into no more, so nothing is shown."""
        self._dead.forget()
        self.show_typed(shown=False)
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  # Qt's name
        """The page is shown no more."""
        self.show_typed(shown=False)
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Dots as Qt paints them, or, while it is shown, the frame and each character in it."""
        if not (self._shown and self.filled):
            super().paintEvent(event)
            return
        painter = QPainter(self)
        inside = self.paint_frame(painter)
        painter.setPen(self.palette().color(self.foregroundRole()))
        metrics = self.fontMetrics()
        widths = [metrics.horizontalAdvance(each) for each in self._typed.characters()]
        cursor = sum(widths[: self.cursorPosition()])
        left = inside.left() + _EDGE - max(0, cursor - inside.width() + 2 * _EDGE)
        base = inside.top() + (inside.height() - metrics.height() + 1) // 2 + metrics.ascent()
        for character, width in zip(self._typed.characters(), widths, strict=True):
            painter.drawText(left, base, character)
            left += width
        painter.end()

    def paint_frame(self, painter: QPainter) -> QRect:
        """Paint the frame.

        Args:
            painter: of this field; it paints inside the frame alone from now on.

        Returns:
            The place inside the frame.
        """
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        style = self.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        inside = style.subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        painter.setClipRect(inside)
        return inside
