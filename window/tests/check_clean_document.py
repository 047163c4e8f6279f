"""The first document, section 2, step by step in the window; its own words stand above each act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from caller import NEW_PIN, caller, pause, read_out
from kinds import JACARTA_PKI
from lockwright_testkit.sim import SO_PIN, USER_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory
from menu import in_front
from opened_window import Opened
from pictures import picture
from window_content import content, put_certificate
from window_home import Home

OpenWindow = Callable[..., Opened]
OLD, NEW = "Иванов Иван", "Петрова Анна"


def asks_for_all_expired(window: Opened) -> None:
    """As far as the plan, by keyboard."""
    in_front(window, "Crypto tokens")
    window.press("Clean the token")
    window.wait_for("Everything that has expired")
    in_front(window, "Clean the token")
    window.keys("Return")
    window.wait_for("To see everything on it")
    window.type(USER_PIN)
    window.keys("Return")
    window.wait_for("3 objects go from the token")


@pytest.mark.parametrize("scale", [1, 2])
def test_container_is_deleted_by_the_bin_as_the_document_says(
    home: Home, open_window: OpenWindow, scale: int
) -> None:
    token = home.token("jacarta-pki", label="Ромашка")
    put_certificate(token, f"CN={OLD}")
    put_certificate(token, f"CN={NEW}")

    # «2.2 Далее для очистки токена Клиенту необходимо запустить, установленную ранее программу
    # «Единый клиент JaСarta», переключиться в режим Администратора, перейти в закладку PKI»: it is
    # the one that is shown.
    with open_window(home, lang="ru", scale=scale) as window:
        window.wait_for("Ромашка")
        window.press("Режим Администратора (F2)")
        window.wait_for("Сертификаты пользователей (2)")

        # «и выполнить частичную (…) чистку токена, воспользовавшись удалением конкретного
        # контейнера (ов), сертификата и/или ключа, выбрав соответствующий объект и нажав на
        # «корзину»»
        window.press(OLD)
        picture(window, f"clean-bin-{scale}")
        window.press("Удалить")
        window.press("Да")
        window.wait_for("Для удаления токену нужен ваш PIN-код.")
        window.type(USER_PIN)
        window.press("ОК")
        window.wait_for("Удалено 3 объекта.")
        clicks = window.clicks
        assert window.errors == ""
    assert {obj.label for obj in content(token).all_objects} == {NEW}
    print(f"document 1, section 2, by the bin: {clicks} clicks")  # noqa: T201


def test_token_that_changes_its_owner_gets_a_new_pin_and_is_then_cleaned(
    home: Home, open_window: OpenWindow, sim: SimulatorFactory, tmp_path: Path
) -> None:
    with (
        caller(JACARTA_PKI, sim, home, tmp_path) as client,
        open_window(home, lang="ru") as window,
    ):
        # «2. Если требуется очистить токен, например в случае если меняется владелец ключа»
        window.press("Очистить токен")
        window.press("Всё: у токена меняется владелец")
        picture(window, "clean-owner-1")
        window.press("Далее")

        # «2.1 Если меняется владелец токена, то сначала необходимо воостановить доступ к токену,
        # установив новый пароль пользователя (см. п.1 по порядку разблокировки токена).»
        window.wait_for("Установка PIN-кода пользователя")
        window.type(NEW_PIN)
        window.keys("Tab")
        window.type(NEW_PIN)
        window.press("Выполнить")
        read = read_out(window)
        window.type(client.answer(read))
        window.wait_for("Проверка за ним сходится")
        window.press("ОК")
        window.wait_for("PIN-код установлен, токен разблокирован")
        pause()
        window.press("Готово")

        # «2.2 Далее для очистки токена (…) выполнить (…) полную чистку токена»
        window.wait_for("Чтобы показать всё, токену нужен новый PIN-код.")
        window.type(NEW_PIN)
        window.press("Далее")
        window.wait_for("Это будет удалено")
        assert "Удалённый закрытый ключ вернуть нельзя." in window.words()
        picture(window, "clean-owner-2")
        window.press("Да, удалить всё с токена...")
        window.press("Удалить")
        window.wait_for("Удалено 3 объекта.")
        window.keys("Return")
        window.wait_for("Сертификатов на нём не видно")
        assert window.errors == ""


def test_all_that_has_expired_goes_at_one_press(home: Home, open_window: OpenWindow) -> None:
    token = home.token("jacarta-pki")
    put_certificate(token, f"CN={OLD}", lasts=timedelta(hours=1))
    with open_window(home, lang="en") as window:
        window.wait_for("Every certificate has expired")
        window.press("Clean the token")  # the large button: what mends it
        window.wait_for("Everything that has expired")
        in_front(window, "Clean the token")
        window.keys("Return")
        window.wait_for("To see everything on it")
        window.type(USER_PIN)
        window.keys("Return")
        window.wait_for("3 objects go from the token")
        assert "expired on" in window.words()
        window.press("Delete")
        window.wait_for("3 objects are gone.")
    assert content(token).all_objects == ()


def test_some_are_ticked_and_the_others_stay(home: Home, open_window: OpenWindow) -> None:
    token = home.token("jacarta-pki")
    put_certificate(token, f"CN={OLD}", lasts=timedelta(hours=1))
    put_certificate(token, f"CN={NEW}")
    with open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        window.press("Clean the token")
        window.press("Some of it, which I choose")
        window.press("Next")
        window.wait_for("To see everything on it")
        window.type(USER_PIN)
        window.keys("Return")
        window.wait_for("Nothing is chosen.")
        picture(window, "clean-choose-0")
        window.press("Tick all that has expired")
        window.wait_for("3 objects are chosen.")
        picture(window, "clean-choose-1")
        window.press("Next")
        window.wait_for("3 objects go from the token")
        pause()
        window.press("Delete")
        window.wait_for("3 objects are gone.")
    assert {obj.label for obj in content(token).all_objects} == {NEW}


def test_plan_that_is_stale_by_then_deletes_nothing_and_is_made_again(
    home: Home, open_window: OpenWindow
) -> None:
    token = home.token("jacarta-pki")
    put_certificate(token, f"CN={OLD}", lasts=timedelta(hours=1))
    with open_window(home, lang="en") as window:
        asks_for_all_expired(window)
        put_certificate(token, f"CN={NEW}")
        window.press("Delete")
        window.wait_for("changed after the plan was made")
        assert len(content(token).all_objects) == 6
        window.press("Try again")
        window.wait_for("What is to be deleted?")


def test_administrator_erases_a_token_that_can_be(home: Home, open_window: OpenWindow) -> None:
    token = home.token("jacarta-pki", settings={"wipe.allowed": True})
    put_certificate(token, f"CN={OLD}")
    with open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        window.press("Administrator's mode (F2)")
        window.wait_for("User certificates (1)")
        window.press("Clean the token")
        window.press("Everything, by the administrator's PIN")
        window.press("Next")
        window.wait_for("What only the user can see is deleted too")
        window.press("Yes, delete everything from the token...")
        pause()
        window.press("Delete")
        window.wait_for("the token needs its administrator's PIN")
        window.type(SO_PIN)
        window.keys("Return")
        window.wait_for("It is deleted")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("C_DestroyObject@2=0x30", "Still on the token:"),
        ("C_DestroyObject@2=kill", "Whether something on the token was changed is not known."),
    ],
)
def test_what_is_gone_is_told_where_it_breaks_off(
    home: Home, open_window: OpenWindow, fault: str, told: str
) -> None:
    token = home.token("jacarta-pki")
    put_certificate(token, f"CN={OLD}", lasts=timedelta(hours=1))
    with open_window(home, lang="en") as window:
        asks_for_all_expired(window)
        token.fault(fault)
        pause()
        window.press("Delete")
        window.wait_for(told)
        picture(window, f"clean-broken-{fault[-4:]}")
        assert window.errors == ""
