"""The PIN field by itself: what keys, the clipboard and others do to it, and what Qt holds then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lockwright import Secret
from lockwright_window.fields import pasting
from lockwright_window.fields.pin_entry import PinEntry
from lockwright_window.fields.pin_field import PinField
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodQueryEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton

NONE, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def field(application: QApplication) -> Iterator[PinField]:
    """A field that has the focus."""
    made = PinField()
    made.show()
    made.activateWindow()
    made.setFocus()
    application.processEvents()
    yield made
    made.deleteLater()


def press(field: QLineEdit, key: int, text: str = "", held: Qt.KeyboardModifier = NONE) -> bool:
    """Press a key; whether the field took it."""
    down, up = (
        QKeyEvent(kind, key, held, text) for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
    )
    QApplication.sendEvent(field, down)
    QApplication.sendEvent(field, up)
    return down.isAccepted()


def typing(field: QLineEdit, text: str) -> None:
    for character in text:
        press(field, ord(character.upper()), character)


def test_what_is_typed_is_in_a_secret_and_never_in_qt(field: PinField) -> None:
    typing(field, "Пароль-é7")

    assert field.take() == Secret("Пароль-é7")
    assert field.text() == "*" * 9
    assert set(field.displayText()) == {"●"}
    assert field.echoMode() is QLineEdit.EchoMode.Password
    field.wipe()
    assert not field.filled
    assert field.take() == Secret("")
    assert field.text() == ""


def test_keys_move_select_and_delete_as_in_any_field(field: PinField) -> None:
    typing(field, "abcdef")
    press(field, Qt.Key.Key_Home)
    press(field, Qt.Key.Key_Delete)
    press(field, Qt.Key.Key_Right)
    typing(field, "X")
    assert field.take() == Secret("bXcdef")
    assert field.cursorPosition() == 2
    press(field, Qt.Key.Key_Right, held=SHIFT)
    press(field, Qt.Key.Key_Right, held=SHIFT)
    typing(field, "ж")
    assert field.take() == Secret("bXжef")
    press(field, Qt.Key.Key_Backspace)
    press(field, Qt.Key.Key_End)
    press(field, Qt.Key.Key_Left)
    press(field, Qt.Key.Key_Backspace)
    assert field.take() == Secret("bXf")
    press(field, Qt.Key.Key_Backspace, held=CTRL)
    assert field.take() == Secret("f")
    press(field, Qt.Key.Key_A, "\x01", CTRL)
    press(field, Qt.Key.Key_Backspace)
    assert not field.filled
    press(field, Qt.Key.Key_Backspace)
    press(field, Qt.Key.Key_Delete)
    assert not field.filled


def test_nothing_comes_out_of_it_and_nothing_comes_back(field: PinField) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    typing(field, "Secret77")
    for key in (Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_X, Qt.Key.Key_Insert):
        press(field, key, chr(key & 31) if key < 128 else "", CTRL)
    press(field, Qt.Key.Key_Delete, held=SHIFT)  # cut, on some systems
    assert clipboard.text() == "before"
    field.wipe()
    for key in (Qt.Key.Key_Z, Qt.Key.Key_Y):
        press(field, key, chr(key & 31), CTRL)
    field.undo()
    field.redo()
    assert not field.filled
    assert field.text() == ""
    assert not field.dragEnabled()
    assert field.contextMenuPolicy() is Qt.ContextMenuPolicy.NoContextMenu


def test_a_shortcut_types_nothing(field: PinField) -> None:
    """A mnemonic of the other layout reaches the field: Alt+D in the Latin one."""
    assert not press(field, Qt.Key.Key_D, "d", ALT)
    assert not press(field, Qt.Key.Key_K, "k", Qt.KeyboardModifier.MetaModifier)
    press(field, Qt.Key.Key_D, "\x04", CTRL)
    assert not field.filled
    press(field, Qt.Key.Key_At, "@", CTRL | ALT)  # AltGr, as Windows has it
    press(field, Qt.Key.Key_7, "7", Qt.KeyboardModifier.KeypadModifier)
    assert field.take() == Secret("@7")


def test_enter_and_escape_are_the_dialogs(field: PinField) -> None:
    entered = []
    field.entered.connect(lambda: entered.append(True))
    assert not press(field, Qt.Key.Key_Return, "\r")
    assert not press(field, Qt.Key.Key_Escape, "\x1b")
    assert entered == [True]
    assert not field.filled


@pytest.mark.parametrize(
    ("mark", "letter", "text"),
    [
        (Qt.Key.Key_Dead_Acute, "e", "é"),
        (Qt.Key.Key_Dead_Diaeresis, "U", "Ü"),
        (Qt.Key.Key_Dead_Circumflex, " ", "^"),
        (Qt.Key.Key_Dead_Breve, "и", "й"),
        (Qt.Key.Key_Dead_Caron, "7", "7\u030c"),
    ],
)
def test_a_dead_key_puts_its_accent_on_the_next_letter(
    field: PinField, mark: Qt.Key, letter: str, text: str
) -> None:
    press(field, mark)
    assert not field.filled
    typing(field, letter)
    assert field.take() == Secret(text)
    press(field, Qt.Key.Key_Backspace)
    assert not field.filled


def test_pasting_is_refused_until_the_bank_allows_it(field: PinField) -> None:
    refused = []
    field.refused.connect(lambda: refused.append(True))
    QGuiApplication.clipboard().setText("Pasted-77\nmore")
    press(field, Qt.Key.Key_V, "\x16", CTRL)
    assert not field.filled
    assert refused == [True]
    pasting.allow(True)  # noqa: FBT003  # as the configuration says
    press(field, Qt.Key.Key_V, "\x16", CTRL)
    pasting.allow(False)  # noqa: FBT003  # the same
    assert field.take() == Secret("Pasted-77")
    assert field.text() == "*" * 9


def test_what_is_longer_than_any_pin_is_told_not_to_be_taken(application: QApplication) -> None:
    entry = PinEntry(None, lambda: "PIN", pastes=True)
    QGuiApplication.clipboard().setText("7" * 600)
    press(entry.field, Qt.Key.Key_V, "\x16", CTRL)
    assert not entry.filled
    assert "longer than any PIN" in entry.field.accessibleDescription()
    typing(entry.field, "7")
    assert "Nothing is pasted here" not in entry.field.accessibleDescription()
    del application


def test_what_others_put_into_it_is_not_taken(field: PinField) -> None:
    """Drops, the middle button, input methods, and programs that write by the accessibility bus."""
    refused = []
    field.refused.connect(lambda: refused.append(True))
    typing(field, "ab")
    field.insert("by the bus")
    assert field.take() == Secret("ab")
    assert field.text() == "**"
    field.setText("by the bus")
    assert field.text() == "**"
    assert len(refused) == 2
    middle = Qt.MouseButton.MiddleButton
    clipboard = QGuiApplication.clipboard()
    clipboard.setMimeData(QMimeData())
    at = QPointF(5, 5)
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
        QApplication.sendEvent(field, QMouseEvent(kind, at, at, middle, middle, NONE))
    assert len(refused) == 3
    assert not field.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    asked = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled)
    QApplication.sendEvent(field, asked)
    assert asked.value(Qt.InputMethodQuery.ImEnabled) is False
    assert not field.acceptDrops()


def test_it_is_painted_as_letters_while_a_key_is_held_and_as_dots_again(field: PinField) -> None:
    def picture() -> bytes:
        field.setCursorPosition(0)
        image = field.grab().toImage()  # its bits go with it
        return bytes(image.constBits())

    field.setStyleSheet("")
    typing(field, "WWWW7777")
    dots = picture()
    QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F4, NONE))
    shown = picture()
    assert shown != dots
    QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_F4, NONE))
    assert picture() == dots
    field.show_typed(shown=True)
    field.clearFocus()
    field.setFocus()
    assert picture() == dots
    assert field.text() == "*" * 8


def test_the_button_shows_while_it_is_pressed_and_no_longer(application: QApplication) -> None:
    entry = PinEntry(None, lambda: "PIN of the token")
    entry.show()
    application.processEvents()
    typing(entry.field, "WWWW7777")

    def picture() -> bytes:
        image = entry.field.grab().toImage()  # its bits go with it
        return bytes(image.constBits())

    [button] = entry.findChildren(QToolButton)
    dots = picture()
    button.pressed.emit()
    assert picture() != dots
    button.released.emit()
    assert picture() == dots
    button.pressed.emit()
    entry.hide()
    entry.show()
    after = picture()
    entry.field.show_typed(shown=False)
    assert picture() == after  # leaving the page had hidden it
    assert "PIN of the token" in button.accessibleName()
    entry.deleteLater()
