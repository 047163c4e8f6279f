"""The document «Запись», step by step, in the real window, with its own words above each act."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bank_side import LOGIN, PASSWORD, bank
from lockwright_testkit.sim.simulator import USER_PIN
from opened_window import Opened
from pictures import picture
from window_home import Home

MOST_CLICKS = 7
"""The document's: the item, four times «Далее», the storage and the device."""


def test_document_is_followed_step_by_step(home: Home, open_window: Callable[..., Opened]) -> None:
    home.token("etoken", label="Анна Петрова")
    with bank(home) as server, open_window(home, lang="ru") as window:
        window.wait_for("Токен в порядке")

        # «Шаг1. … Выберите пункт «Получить доступ на агентский сайт» рис. 6»
        window.press("Создать сертификат")
        # «Далее следуйте инструкциям в программе, жмем «далее» рис7»
        window.wait_for("Создание сертификата")
        window.wait_for("Что будет сделано")
        picture(window, "enrol-what-ru-100", front=True)
        window.press("Далее")

        # «Шаг 2 Вводим логин и пароль которые вы получите от менеджера … рис.8. Жмем «Далее»»
        window.wait_for("Авторизационные данные")
        assert "Введите логин и одноразовый пароль персоны" in window.words()
        window.type(LOGIN)
        window.keys("Tab")
        window.type(PASSWORD)
        picture(window, "enrol-login-ru-100", front=True)
        window.press("Далее")

        # «Шаг3. Выбираем тип хранилища – еТокен рис.9 Жмем «Далее»»
        window.wait_for("Выбор типа хранилища")
        for name in ("Токен (eToken)", "Системное", "Файл"):
            assert window.find(name) is not None, window.words()
        picture(window, "enrol-storage-ru-100", front=True)
        window.press("Далее")

        # «Шаг4. Вводим пароль на еТокен рис. 10» «Выберите устройство и введите пароль …»
        window.wait_for("Выбор устройства")
        assert "Выберите устройство и введите пароль" in window.words()
        # «не менее 8 символов, обязательно присутствие цифр и больших - маленьких букв»
        window.wait_for("не менее 8 символов")
        window.type(USER_PIN)
        picture(window, "enrol-device-ru-100", front=True)
        window.press("Далее")

        # «Ожидаем когда закончиться запись на еТокен. Должна появиться надпись, что персона успешно
        # записана.»
        window.wait_for("Персона успешно записана")
        picture(window, "enrol-written-ru-100", front=True)
        assert window.clicks <= MOST_CLICKS
        window.press("Готово")
        window.wait_for("Токен в порядке")
        window.close()
        assert window.ended() == 0
        assert window.errors == ""
        assert server.issued_to(LOGIN) is not None


@pytest.mark.parametrize(("lang", "scale"), [("ru", 2), ("en", 2), ("en", 1)])
def test_pages_are_whole_in_both_languages_and_sizes(
    home: Home, open_window: Callable[..., Opened], lang: str, scale: int
) -> None:
    home.token("etoken", label="Анна Петрова")
    following, begins, done = {
        "ru": ("Далее", "Создать сертификат", "Персона успешно записана"),
        "en": ("Next", "Get a new certificate", "The certificate is written"),
    }[lang]
    storage = {"ru": "Выбор типа хранилища", "en": "Kind of storage"}[lang]
    device = {"ru": "Выбор устройства", "en": "Choice of the device"}[lang]
    with bank(home), open_window(home, lang=lang, scale=scale) as window:
        window.press(begins)
        window.wait_for({"ru": "Что будет сделано", "en": "What will be done"}[lang])
        picture(window, f"enrol-what-{lang}-{scale}00", front=True)
        window.press(following)
        window.wait_for({"ru": "Авторизационные данные", "en": "Login and one-time"}[lang])
        window.type(LOGIN)
        window.keys("Tab")
        window.type(PASSWORD)
        picture(window, f"enrol-login-{lang}-{scale}00", front=True)
        window.press(following)
        window.wait_for(storage)
        picture(window, f"enrol-storage-{lang}-{scale}00", front=True)
        window.press(following)
        window.wait_for(device)
        window.wait_for({"ru": "не менее 8", "en": "at least 8"}[lang])
        window.type(USER_PIN)
        picture(window, f"enrol-device-{lang}-{scale}00", front=True)
        window.press(following)
        window.wait_for(done)
        picture(window, f"enrol-written-{lang}-{scale}00", front=True)
        assert window.errors == ""
