"""A token's PIN is asked for: tries, the last one, pads, tokens that ask for none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lockwright import Secret
from lockwright.errors import LastTry, PinIncorrect, PinLocked, PinNotEntered, TokenRemoved
from lockwright.errors.pins import PUK, SO_PIN, USER_PIN
from lockwright.models import (
    ModuleInfo,
    PinState,
    PinStatus,
    Token,
    TokenIdentity,
    TokenState,
)
from lockwright_window.fields.ask_pin import AskPin
from lockwright_window.fields.pin_field import PinField
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel

MODULE = ModuleInfo(Path("/m.so"), "Maker", "Module", (1, 0))
IDENTITY = TokenIdentity("0001", "Anna", "Model", "Maker", MODULE, 0, "reader")


def token(state: PinState = PinState.OK, left: int | None = None, **identity: Any) -> Token:
    """A token all of whose PINs stand so."""
    status = PinStatus(state, left)
    known = TokenState(user_pin=status, so_pin=status, puk=status)
    return Token(replace(IDENTITY, **identity), "adapter", "", known)


@pytest.fixture
def asking(application: QApplication) -> Callable[..., AskPin]:
    """Asks for a PIN."""
    kept = []

    def made(*given: Any, **named: Any) -> AskPin:
        ask = AskPin(None, *given, **named)
        kept.append((application, ask))
        ask.show()
        return ask

    return made


def typing(ask: AskPin, text: str) -> None:
    [field] = ask.findChildren(PinField)
    for character in text:
        event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, character)
        QApplication.sendEvent(field, event)


def said(ask: AskPin) -> str:
    return "\n".join(each.text() for each in ask.findChildren(QLabel) if each.isVisible())


def agree(ask: AskPin) -> None:
    [box] = [each for each in ask.findChildren(QCheckBox) if each.isVisible()]
    box.setChecked(True)


def test_a_pin_is_typed_taken_and_wiped(asking: Callable[..., AskPin]) -> None:
    ask = asking(token())
    assert not ask.ready()
    typing(ask, "Пин-1")
    assert ask.ready()
    assert not ask.spends_last_try
    with ask.take() as taken:
        assert taken == Secret("Пин-1")
    ask.wipe()
    assert not ask.ready()
    assert ask.take() == Secret("")


@pytest.mark.parametrize("role", [USER_PIN, SO_PIN, PUK])
def test_the_last_try_has_to_be_agreed_to_each_time(
    asking: Callable[..., AskPin], role: str
) -> None:
    ask = asking(token(PinState.FINAL_TRY), role)
    assert "This is the last try." in said(ask)
    assert ("nobody unblocks" in said(ask)) is (role != USER_PIN)
    typing(ask, "1234")
    assert not ask.ready()
    agree(ask)
    assert ask.ready()
    assert ask.spends_last_try
    ask.wipe()
    typing(ask, "1234")
    assert not ask.ready()
    assert not ask.spends_last_try


def test_a_wrong_pin_is_told_with_what_is_left_until_the_last_and_the_lock(
    asking: Callable[..., AskPin],
) -> None:
    ask = asking(token())
    wrong = PinIncorrect(role=USER_PIN, tries_left=2, state=PinState.COUNT_LOW)
    assert ask.tell(wrong)
    assert "The user PIN is wrong. 2 tries are left." in said(ask)
    ask.wipe()
    assert "is wrong" not in said(ask)
    assert "2 tries are left." in said(ask)
    assert ask.tell(PinIncorrect(role=USER_PIN, tries_left=1, state=None))
    typing(ask, "1234")
    assert not ask.ready()
    agree(ask)
    assert ask.ready()
    assert not ask.tell(PinIncorrect(role=USER_PIN, tries_left=0, state=PinState.LOCKED))
    assert not ask.can_be_tried
    assert ask.first() is None
    assert "The user PIN is locked." in said(ask)


def test_what_came_meanwhile_is_told_and_what_is_about_something_else_is_not(
    asking: Callable[..., AskPin],
) -> None:
    ask = asking(token())
    assert not ask.tell(TokenRemoved(serial="0001"))
    assert not ask.tell(PinIncorrect(role=SO_PIN, tries_left=1, state=None))
    assert ask.can_be_tried
    assert ask.tell(LastTry(role=USER_PIN))
    assert "so it was not tried" in said(ask)
    assert not ask.ready()
    assert not ask.tell(PinLocked(role=USER_PIN))
    assert not ask.can_be_tried


def test_a_pin_that_is_locked_or_missing_is_not_asked_for(asking: Callable[..., AskPin]) -> None:
    for state, words in (
        (PinState.LOCKED, "is locked"),
        (PinState.NOT_SET, "has no user PIN yet"),
    ):
        ask = asking(token(state))
        assert words in said(ask)
        assert not ask.ready()
        assert ask.first() is None


def test_a_pad_or_a_token_that_asks_for_nothing_is_gone_on_with_at_once(
    asking: Callable[..., AskPin],
) -> None:
    on_pad, open_to_all = asking(token(pin_pad=True)), asking(token(login_required=False))
    for ask, words in ((on_pad, "own PIN pad"), (open_to_all, "asks for no PIN")):
        assert words in said(ask)
        assert ask.ready()
        assert ask.first() is None
        assert ask.take() == Secret("")
    assert "own PIN pad" in on_pad.while_working("Deleting")
    assert open_to_all.while_working("Deleting") == "Deleting"
    assert on_pad.tell(PinNotEntered())
    assert "No PIN was entered" in said(on_pad)
    assert asking(token(pin_pad=True), PUK).typed_here
    assert asking(token(login_required=False), needed=True).typed_here
    last = asking(token(PinState.FINAL_TRY, pin_pad=True))
    assert not last.ready()
    agree(last)
    assert last.ready()
    assert last.spends_last_try
