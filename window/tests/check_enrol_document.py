"""The document «Запись», step by step, in the real window, with its own words above each act."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from bank_side import LOGIN, PASSWORD, bank
from lockwright_testkit.sim.simulator import USER_PIN
from opened_window import Opened
from window_home import Home

PICTURES = os.environ.get("LOCKWRIGHT_PICTURES", "")
"""A folder for a picture of each step; without it none is taken."""
MOST_CLICKS = 7
"""The document's: the item, four times «Далее», the storage and the device."""


def pictured(window: Opened, name: str) -> None:
    if PICTURES:
        window.picture(Path(PICTURES) / f"{name}.png")


def test_document_is_followed_step_by_step(home: Home, open_window: Callable[..., Opened]) -> None:
    home.token("etoken", label="Анна Петрова")
    with bank(home) as server, open_window(home, lang="ru") as window:
        window.wait_for("Токен в порядке")

        # «Шаг1. … Выберите пункт «Получить доступ на агентский сайт» рис. 6»
        window.press("Создать сертификат")
        # «Далее следуйте инструкциям в программе, жмем «далее» рис7»
        window.wait_for("Создание сертификата")
        window.wait_for("Что будет сделано")
        pictured(window, "1-what-ru")
        window.press("Далее")

        # «Шаг 2 Вводим логин и пароль которые вы получите от менеджера … рис.8. Жмем «Далее»»
        window.wait_for("Авторизационные данные")
        assert "Введите логин и одноразовый пароль персоны" in window.words()
        window.type(LOGIN)
        window.keys("Tab")
        window.type(PASSWORD)
        pictured(window, "2-login-ru")
        window.press("Далее")

        # «Шаг3. Выбираем тип хранилища – еТокен рис.9 Жмем «Далее»»
        window.wait_for("Выбор типа хранилища")
        for name in ("Токен (eToken и другие)", "Системное", "Файл"):
            assert window.find(name) is not None, window.words()
        pictured(window, "3-storage-ru")
        window.press("Далее")

        # «Шаг4. Вводим пароль на еТокен рис. 10» «Выберите устройство и введите пароль …»
        window.wait_for("Выбор устройства")
        assert "Выберите устройство и введите пароль" in window.words()
        # «не менее 8 символов, обязательно присутствие цифр и больших - маленьких букв»
        window.wait_for("не менее 8 символов")
        window.type(USER_PIN)
        pictured(window, "4-device-ru")
        window.press("Далее")

        # «Ожидаем когда закончиться запись на еТокен. Должна появиться надпись, что персона успешно
        # записана.»
        window.wait_for("Персона успешно записана")
        pictured(window, "5-written-ru")
        assert window.clicks <= MOST_CLICKS
        window.press("Готово")
        window.wait_for("Токен в порядке")
        window.close()
        assert window.ended() == 0
        assert window.errors == ""
        assert server.issued_to(LOGIN) is not None


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_pages_are_whole_at_twice_the_size(
    home: Home, open_window: Callable[..., Opened], lang: str
) -> None:
    home.token("etoken", label="Анна Петрова")
    following, begins, done = {
        "ru": ("Далее", "Создать сертификат", "Персона успешно записана"),
        "en": ("Next", "Get a new certificate", "The certificate is written"),
    }[lang]
    storage = {"ru": "Выбор типа хранилища", "en": "Kind of storage"}[lang]
    device = {"ru": "Выбор устройства", "en": "Choice of the device"}[lang]
    with bank(home), open_window(home, lang=lang, scale=2) as window:
        window.press(begins)
        window.wait_for({"ru": "Что будет сделано", "en": "What will be done"}[lang])
        pictured(window, f"1-what-{lang}-200")
        window.press(following)
        window.wait_for({"ru": "Авторизационные данные", "en": "Login and one-time"}[lang])
        window.type(LOGIN)
        window.keys("Tab")
        window.type(PASSWORD)
        pictured(window, f"2-login-{lang}-200")
        window.press(following)
        window.wait_for(storage)
        pictured(window, f"3-storage-{lang}-200")
        window.press(following)
        window.wait_for(device)
        window.wait_for({"ru": "не менее 8", "en": "at least 8"}[lang])
        window.type(USER_PIN)
        pictured(window, f"4-device-{lang}-200")
        window.press(following)
        window.wait_for(done)
        pictured(window, f"5-written-{lang}-200")
        assert window.errors == ""
