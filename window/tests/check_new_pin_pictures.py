"""Each picture of the first document, section 1, in both languages and sizes, none of them cut.

``PICTURES=folder`` keeps them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from caller import NEW_PIN, caller, read_out, types
from kinds import JACARTA_PKI
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from pictures import VARIABLE, Pictures
from screen_reader import Reader
from window_home import Home
from window_screen import Screen

_WORDS = {
    "en": (
        "Set a new user PIN",
        "Setting the user PIN",
        "Carry out",
        "Request/Response",
        "OK",
        "The check behind it fits",
        "The PIN is set, the token is unblocked",
    ),
    "ru": (
        "Установить PIN-код пользователя",
        "Установка PIN-кода пользователя",
        "Выполнить",
        "Запрос/Ответ",
        "ОК",
        "Проверка за ним сходится",
        "PIN-код установлен, токен разблокирован",
    ),
}


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_picture_of_the_document_is_whole(
    lang: str,
    scale: int,
    home: Home,
    wide: Screen,
    wide_reader: Reader,
    sim: SimulatorFactory,
    tmp_path: Path,
) -> None:
    button, pin_page, carry_out, request_page, ok, fits, done = _WORDS[lang]
    kept = Path(os.environ.get(VARIABLE, tmp_path))
    with (
        caller(JACARTA_PKI, sim, home, tmp_path) as client,
        Opened(wide, wide_reader, home, lang=lang, scale=scale) as window,
    ):
        shown = Pictures(window, kept / f"new-pin-{lang}{'' if scale == 1 else '-large'}")
        window.wait_for(button)
        shown.take("1-button")
        window.keys("F2")
        window.until(lambda: window.find(button) is not None)
        shown.take("2-administrator")
        window.press(button)
        window.wait_for(pin_page)
        types(window)
        window.type(NEW_PIN)
        window.keys("Tab")
        window.type(NEW_PIN)
        shown.take("3-pin")
        window.press(carry_out)
        window.wait_for(request_page)
        read = read_out(window)
        shown.take("4-request")
        window.type("1951 ж")
        shown.take("5-wrong")
        window.keys("ctrl+a")
        window.type(client.answer(read))
        window.wait_for(fits)
        shown.take("5-response")
        window.press(ok)
        window.wait_for(done)
        shown.take("6-done")
    assert shown.number == 7
