"""The second document, «Удаление», step by step; its own words stand above each act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from lockwright.models import ObjectKind
from lockwright_testkit.sim import USER_PIN
from menu import press_item
from opened_window import Opened
from pictures import picture
from window_content import content, put_certificate
from window_home import Home

OLD, NEW = "Иванов Иван", "Петрова Анна"


@pytest.mark.parametrize("scale", [1, 2])
def test_certificate_is_deleted_as_the_document_says_in_at_most_its_own_clicks(
    home: Home, open_window: Callable[..., Opened], scale: int
) -> None:
    token = home.token("jacarta-pki", label="Ромашка")
    put_certificate(token, f"CN={OLD}", lasts=timedelta(hours=1))
    put_certificate(token, f"CN={NEW}")

    def shot(name: str) -> None:
        picture(window, f"delete-{name}-{scale}")

    # «Шаг1. Открываем «eToken Properties»»
    with open_window(home, lang="ru", scale=scale) as window:
        window.wait_for("Ромашка")
        shot("1")

        # «Шаг2. Выбираем сертификат для удаления Нажимаем кнопку «Подробный вид»»
        window.press("Подробный вид (F3)")

        # «Далее слева необходимо раскрыть список «Сертификатов пользователей» нажав на «+» напротив
        # Откроется полный список содержащихся пользовательских сертификатов»: it is open already.
        window.wait_for("Сертификаты пользователей (2)")
        assert "истёк" in window.words()
        shot("2")

        # «Шаг 3 Выберите сертификат для удаления, слева нажмите на него правой кнопкой мыши,
        # выберите пункт «удалить сертификат»»
        window.press(OLD, button=3)
        shot("3")
        press_item(window, scale=scale)

        # «Появится окно предупреждения, необходимо согласиться нажав «Да»»
        window.wait_for("Сертификат будет удален. Продолжить?")
        told = window.words()
        assert f"сертификат: {OLD}" in told
        assert "Удалённый закрытый ключ вернуть нельзя." in told
        shot("4")
        window.press("Да")

        # «Далее введите пароль на еТокен, нажмите «ок», сертификат будет удален.»
        window.wait_for("Для удаления токену нужен ваш PIN-код.")
        window.type(USER_PIN)
        shot("5")
        window.press("ОК")
        window.wait_for("Удалено 3 объекта.")
        clicks = window.clicks
        shot("6")
        window.keys("Return")
        window.wait_for("Сертификаты пользователей (1)")
        assert window.errors == ""

    assert clicks <= 6  # the document's: Подробный вид, «+», right click, item, Да, ОК
    left = content(token).all_objects
    assert {obj.label for obj in left} == {NEW}
    print(f"document 2, deleting: {clicks} clicks")  # noqa: T201


def test_no_deletes_nothing_and_keys_stay_where_the_tick_is_taken_away(
    home: Home, open_window: Callable[..., Opened]
) -> None:
    token = home.token("jacarta-pki")
    put_certificate(token, f"CN={OLD}")
    with open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        window.keys("F3")
        window.press(OLD)
        window.press("Delete")
        window.press("No")
        window.wait_until_gone("The certificate will be deleted. Continue?")
        assert len(content(token).all_objects) == 3

        window.press(OLD)
        window.press("Delete")
        window.press("With its keys")
        window.wait_until_gone("A private key that is deleted")
        window.press("Yes")
        window.wait_for("the token needs your PIN")
        window.type(USER_PIN)
        window.keys("Return")
        window.wait_for("1 object is gone.")
        window.keys("Return")
        window.wait_for("Keys without a certificate (1)")
    kinds = {obj.kind for obj in content(token).all_objects}
    assert kinds == {ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY}


def test_deleting_by_keys_alone(home: Home, open_window: Callable[..., Opened]) -> None:
    token = home.token("jacarta-pki")
    put_certificate(token, f"CN={OLD}")
    with open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        window.keys("F3")
        window.wait_for("User certificates (1)")
        window.keys("Return")  # from the list of tokens into the tree
        window.keys("Down", "Down", "shift+F10")
        window.keys("Return")
        window.wait_for("The certificate will be deleted. Continue?")
        window.keys("Escape")
        window.wait_until_gone("The certificate will be deleted. Continue?")
        window.keys("Delete")
        window.wait_for("The certificate will be deleted. Continue?")
        window.keys("Return")
        window.wait_for("the token needs your PIN")
        window.type(USER_PIN)
        window.keys("Return")
        window.wait_for("3 objects are gone.")
        assert window.clicks == 0
    assert content(token).all_objects == ()


def test_wrong_pin_deletes_nothing_and_says_what_is_left(
    home: Home, open_window: Callable[..., Opened]
) -> None:
    token = home.token("jacarta-pki")
    put_certificate(token, f"CN={OLD}")
    with open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        window.keys("F3")
        window.press(OLD)
        window.press("Delete")
        window.press("Yes")
        window.wait_for("the token needs your PIN")
        window.type("wrong-pin-1")
        window.keys("Return")
        window.wait_for("9 tries are left", "tries left: 9", "9 more tries")
        window.type(USER_PIN)
        window.keys("Return")
        window.wait_for("3 objects are gone.")
