"""Each picture of deleting and cleaning, in both languages and sizes; none cut, none covered.

``PICTURES=folder`` keeps them.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from caller import pause
from lockwright_testkit.sim import USER_PIN
from menu import press_item
from opened_window import Opened
from pictures import VARIABLE, Pictures
from screen_reader import Reader
from window_content import put_certificate
from window_home import Home
from window_screen import Screen

OLD, NEW = "Иванов Иван", "Петрова Анна"
LONG = "Общество с ограниченной ответственностью «Ромашка и партнёры»-77"
_WORDS = {
    "en": {
        "open": "User certificates (3)",
        "ask": "The certificate will be deleted. Continue?",
        "yes": "Yes",
        "pin": "To delete it, the token needs your PIN.",
        "ok": "OK",
        "gone": "3 objects are gone.",
        "clean": "Clean the token",
        "some": "Some of it, which I choose",
        "next": "Next",
        "see": "To see everything on it",
        "tick": "Tick all that has expired",
        "chosen": "3 objects are chosen.",
        "plan": "This will be deleted",
        "none": "Token information",
    },
    "ru": {
        "open": "Сертификаты пользователей (3)",
        "ask": "Сертификат будет удален. Продолжить?",
        "yes": "Да",
        "pin": "Для удаления токену нужен ваш PIN-код.",
        "ok": "ОК",
        "gone": "Удалено 3 объекта.",
        "clean": "Очистить токен",
        "some": "Часть, которую я выберу",
        "next": "Далее",
        "see": "Чтобы показать всё",
        "tick": "Отметить всё, чей срок истёк",
        "chosen": "Выбрано 3 объекта.",
        "plan": "Это будет удалено",
        "none": "Информация о токене",
    },
}


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_picture_of_deleting_and_cleaning_is_whole(
    lang: str, scale: int, home: Home, wide: Screen, wide_reader: Reader, tmp_path: Path
) -> None:
    words = _WORDS[lang]
    token = home.token("etoken", label="Ромашка")
    put_certificate(token, f"CN={OLD}", lasts=timedelta(hours=1))
    put_certificate(token, f"CN={NEW}", lasts=timedelta(days=12), label=LONG)
    put_certificate(token, "CN=Anna Petrova", lasts=timedelta(hours=1))
    kept = Path(os.environ.get(VARIABLE, tmp_path))
    with Opened(wide, wide_reader, home, lang=lang, scale=scale) as window:
        shown = Pictures(window, kept / f"clean-{lang}{'' if scale == 1 else '-large'}")
        window.wait_for("Ромашка")
        shown.take("1-simple")
        window.keys("F3")
        window.wait_for(words["open"])
        window.press(OLD)
        shown.take("2-detailed")
        window.press(OLD, button=3)
        shown.take("3-menu")
        press_item(window, scale=scale)
        window.wait_for(words["ask"])
        shown.take("4-question")
        window.press(words["yes"])
        window.wait_for(words["pin"])
        window.type(USER_PIN)
        shown.take("5-pin")
        window.press(words["ok"])
        window.wait_for(words["gone"])
        shown.take("6-gone")
        window.keys("Return")
        window.wait_until_gone(words["gone"])
        window.press(words["clean"])
        window.wait_for(words["some"])
        window.press(words["some"])
        shown.take("7-purpose")
        window.press(words["next"])
        window.wait_for(words["see"])
        window.type(USER_PIN)
        window.keys("Return")
        window.wait_for(words["tick"])
        window.press(words["tick"])
        window.wait_for(words["chosen"])
        shown.take("8-ticks")
        pause()
        window.press(words["next"])
        window.wait_for(words["plan"])
        shown.take("9-plan")
        window.keys("Escape")
        window.wait_until_gone(words["plan"])
        window.press(words["none"])
        shown.take("10-information")
    assert shown.number == 10
