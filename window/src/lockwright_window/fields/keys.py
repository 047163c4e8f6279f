"""What a key does in a field: it moves, deletes, types, or is none of the field's business."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from lockwright_window.fields.typed import ROOM

_MOVES = (
    QKeySequence.StandardKey.MoveToNextChar,
    QKeySequence.StandardKey.MoveToPreviousChar,
    QKeySequence.StandardKey.MoveToStartOfLine,
    QKeySequence.StandardKey.MoveToEndOfLine,
    QKeySequence.StandardKey.MoveToStartOfBlock,
    QKeySequence.StandardKey.MoveToEndOfBlock,
    QKeySequence.StandardKey.SelectNextChar,
    QKeySequence.StandardKey.SelectPreviousChar,
    QKeySequence.StandardKey.SelectStartOfLine,
    QKeySequence.StandardKey.SelectEndOfLine,
    QKeySequence.StandardKey.SelectStartOfBlock,
    QKeySequence.StandardKey.SelectEndOfBlock,
    QKeySequence.StandardKey.SelectAll,
)
_DELETIONS = (
    (QKeySequence.StandardKey.Backspace, -1),
    (QKeySequence.StandardKey.Delete, +1),
    (QKeySequence.StandardKey.DeleteStartOfWord, -ROOM),  # where words are is not shown
    (QKeySequence.StandardKey.DeleteEndOfWord, +ROOM),
    (QKeySequence.StandardKey.DeleteEndOfLine, +ROOM),
    (QKeySequence.StandardKey.DeleteCompleteLine, 0),
)
"""How many characters each deletes, before the cursor or behind it; 0 for all."""
_HARMLESS = (
    Qt.KeyboardModifier.ShiftModifier
    | Qt.KeyboardModifier.KeypadModifier
    | Qt.KeyboardModifier.GroupSwitchModifier
)
_ALT_GR = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def moves(event: QKeyEvent) -> bool:
    """Whether a key moves the cursor, or selects."""
    return any(event.matches(each) for each in _MOVES)


def deletes(event: QKeyEvent) -> int | None:
    """How many characters a key deletes, see ``_DELETIONS``; None if it deletes nothing."""
    if event.key() == Qt.Key.Key_Backspace and not event.modifiers() & ~_HARMLESS:
        return -1  # of no standard key on X11
    return next((number for key, number in _DELETIONS if event.matches(key)), None)


def types(event: QKeyEvent) -> bool:
    """Whether a key types something, and is not a shortcut: Alt with a letter types nothing."""
    held = event.modifiers() & ~_HARMLESS
    if sys.platform == "darwin":
        held &= ~Qt.KeyboardModifier.AltModifier
    is_free = held in (Qt.KeyboardModifier.NoModifier, _ALT_GR)
    return is_free and bool(event.text()) and event.text().isprintable()


def locked(event: QKeyEvent) -> bool | None:
    """Whether Caps Lock is on, as a letter tells that is large without Shift, or small with it."""
    letter = event.text()
    if letter.lower() == letter.upper():
        return None
    return letter.isupper() is not bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
