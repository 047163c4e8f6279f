"""The first document, section 1, step by step in the window; its own words stand above each act."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from caller import NEW_PIN, caller, pause, read_out, types
from kinds import JACARTA_PKI
from lockwright.models import PinState
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from window_home import Home


def stays_open_when_asked(window: Opened) -> None:
    """Who closes it by mistake is asked, and goes on."""
    # «ВАЖНО! Окно «Запрос/Ответ» после передачи Запроса Администратору Службы поддержки Банка
    # не закрывать! (…) Если окно закрыть, то будет необходима генерация нового «Запроса»»
    assert "Не закрывайте это окно и не вынимайте токен" in window.words()
    window.keys("Escape")
    window.wait_for("Если закрыть окно, Запрос больше не действует")
    window.keys("Return")
    window.wait_until_gone("Если закрыть окно")
    window.keystrokes -= 2  # nobody has to do that


def test_the_document_is_followed_to_its_end_in_at_most_its_own_clicks(
    home: Home, open_window: Callable[..., Opened], sim: SimulatorFactory, tmp_path: Path
) -> None:
    # «1.1 Клиенту необходимо запустить, установленную ранее программу «Единый клиент JaСarta», и
    # переключиться в режим Администратора»: not needed here, the button is in both modes.
    with (
        caller(JACARTA_PKI, sim, home, tmp_path) as client,
        open_window(home, lang="ru") as window,
    ):
        # «1.2 Далее Клиенту необходимо перейти в закладку PKI и нажать кнопку «Установить Pin-код
        # пользователя»»
        window.press("Установить PIN-код пользователя")

        # «1.3 В выпадающем окне «Установка Pin-кода пользователя» Клиенту необходимо ввести новый
        # желаемый Pin-код и подтвердить его. Затем нажать кнопку «Выполнить»»
        window.wait_for("Установка PIN-кода пользователя")
        types(window)
        window.type(NEW_PIN)
        window.keys("Tab")
        window.type(NEW_PIN)
        window.press("Выполнить")

        # «1.4 В следующем окне «Запрос/Ответ» Клиенту в системе будет сформирован «Запрос», который
        # необходимо передать (переслать/продиктовать) сотруднику службы поддержки Банка. (В запросе
        # всегда латинские буквы и цифры, буквы О нет, этим знаком всегда обозначена цифра 0)»
        window.wait_for("Запрос/Ответ")
        read = read_out(window)
        assert "буквы О" in window.words()
        stays_open_when_asked(window)

        # «1.5 Клиент получает буквенно-цифровые данные от Администратора службы поддержки Банка и
        # вставляет их в поле «Ответ» в окне «Запрос/Ответ»»
        window.type(client.answer(read).lower())
        window.wait_for("Проверка за ним сходится")
        # «Затем нажимает кнопку «ОК»»
        window.press("ОК")

        # «1.6 В следующем выпадающем окне Клиент получает сообщение что его новый Pin-код к токену
        # JaCarta установлен, токен разблокирован. Доступ к ключевому контейнеру для формирования ЭП
        # восстановлен.»
        window.wait_for("PIN-код установлен, токен разблокирован")
        told = window.words()
        assert "Доступ к ключевому контейнеру для формирования ЭП восстановлен." in told
        assert "Ключи и сертификаты остались прежними" in told
        pause()
        window.press("Готово")
        window.wait_until_gone("Доступ к ключевому контейнеру")
        clicks, keys = window.clicks, window.keystrokes
        assert window.errors == ""

        # «Сертификат в этом случае перевыпускать не требуется»
        client.works()
        assert client.locked.state() is PinState.OK
    assert clicks <= 6  # the document's: mode, PKI, Установить, Выполнить, ОК, and its message
    print(f"document 1, section 1: {clicks} clicks, {keys} keys, of them 1 Tab")  # noqa: T201
