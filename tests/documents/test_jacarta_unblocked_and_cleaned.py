"""«Порядок действий Клиента … при разблокировке и при „чистке“ usb токена jacarta».

The document of a bank, step by step and in its words, with lockwright in the place of the vendor's
client and of the bank's workstation. What it says of windows and buttons is a command here.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from lockwright_testkit.customer import Customer
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Left, Screen, Terminal
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory
from people import ASKS_PIN, Owner
from telephone import ReadOut, read_out

ADMINISTRATOR_KEY = "7A1F0B52C8D3E94610FE2D3C4B5A69788796A5B4C3D2E1F0"
NEW_PIN = "Kettle-Moss-42"
ASKS_NEW, ASKS_AGAIN = "Новый PIN-код пользователя:", "Ещё раз то же самое:"
pytestmark = pytest.mark.timeout(600)  # a story is long, and a machine may be busy


@pytest.fixture
def client(sim: SimulatorFactory, tmp_path: Path, terminal: Terminal) -> Owner:
    """A client with a JaCarta PKI whose administrator is a key of the bank's."""
    key: dict[str, Setting] = {"admin.key": bytes.fromhex(ADMINISTRATOR_KEY)}
    device = sim("jacarta-pki", label="Иванов", settings={**key, "user.tries.max": 3})
    home = tmp_path / "client"
    home.mkdir()
    customer = Customer(home)
    customer.configure({}, f'[adapters.jacarta]\nmodules = ["{device.module}"]')
    return Owner(customer.program, device, terminal)


class HelpDesk:
    """«Администратор службы поддержки Банка», with the record of each client at hand."""

    def __init__(self, home: Path, terminal: Terminal) -> None:
        home.mkdir()
        self._program = Program(home)
        self._program.secret("admin.key", ADMINISTRATOR_KEY)
        self._terminal = terminal

    def answers(self, client: Owner, heard: ReadOut) -> str:
        """Types what the client dictates, compares the check, and reads the Response back."""
        window = self._terminal(self._program, "respond", "--lang", "ru")
        window.answers("Адаптер токена клиента, номер или имя:", "jacarta")
        window.answers("Модель токена клиента, номер или имя:", "JaCarta Laser")
        window.answers("Серийный номер из карточки клиента:", client.serial)
        window.answers("Запрос:", heard.request.lower())
        shown = window.answers("Совпадает? [y/N]", "да")
        assert f"Контрольные слова: {heard.words}; цифрами: {heard.digits}" in shown
        window.answers("Почему даётся Ответ? Для журнала:", "клиент забыл PIN-код, опознан")
        window.answers("Файл с ключом администратора:", "admin.key")
        window.reads(f"Ответ для токена {client.serial}:")
        return window.reads("Диктуйте группу за группой").before


@pytest.fixture
def bank(tmp_path: Path, terminal: Terminal) -> HelpDesk:
    return HelpDesk(tmp_path / "bank", terminal)


def enters_new_pin(window: Screen) -> ReadOut:
    """Enters the new PIN and confirms it; what is to be dictated then."""
    window.answers(ASKS_NEW, NEW_PIN)
    window.answers(ASKS_AGAIN, NEW_PIN)
    return read_out(window)


def test_1_a_forgotten_pin_is_replaced_with_the_banks_help(client: Owner, bank: HelpDesk) -> None:
    """«1. Порядок действие при разблокировке JaCarta PKI»."""
    client.has("Иванов", USER_PIN)
    # «Если Клиент забыл/потерял PIN код на JaCarta PKI, сменить PIN код возможно обратившись в
    # службу поддержки Банка.»
    client.forgets_the_pin()
    assert "заблокирован" in client.reads("tokens")

    # «1.1 Клиенту необходимо запустить, установленную ранее программу „Единый клиент JaСarta“, и
    # переключиться в режим Администратора»
    # «1.2 … и нажать кнопку „Установить Pin-код пользователя“»
    window = client.opens("unblock")

    # «1.3. В выпадающем окне „Установка Pin-кода пользователя“ Клиенту необходимо ввести новый
    # желаемый Pin-код и подтвердить его.»
    window.answers(ASKS_NEW, "12345678")
    assert "Новый PIN-код не подходит" in window.reads(ASKS_NEW).before
    window.types(NEW_PIN)
    window.answers(ASKS_AGAIN, NEW_PIN)

    # «1.4 В следующем окне „Запрос/Ответ“ Клиенту в системе будет сформирован „Запрос“, который
    # необходимо передать (переслать/продиктовать) сотруднику службы поддержки Банка. (В запросе
    # всегда латинские буквы и цифры, буквы О нет, этим знаком всегда обозначена цифра 0.)»
    lost = read_out(window)
    assert set(lost.request) <= set("0123456789ABCDEF ")
    assert "буквы О в нём нет, это всегда цифра 0" in lost.said
    assert lost.serial == client.serial

    # «ВАЖНО! Окно „Запрос/Ответ“ … не закрывать! … Если окно закрыть, то будет необходима генерация
    # нового „Запроса“ и передача его в Банк для получения „Ответа“.»
    assert "Не закрывайте это окно" in lost.said
    window.close()
    window = client.opens("unblock")
    heard = enters_new_pin(window)
    assert heard.request != lost.request

    # «1.5 Клиент получает буквенно-цифровые данные от Администратора службы поддержки Банка и
    # вставляет их в поле „Ответ“ в окне „Запрос/Ответ“.»
    window.types(bank.answers(client, heard))

    # «1.6 В следующем выпадающем окне Клиент получает сообщение что его новый Pin-код к токену
    # JaCarta установлен, токен разблокирован. Доступ к ключевому контейнеру для формирования ЭП
    # восстановлен.»
    code, said = window.ends()
    assert code == 0
    assert f"На токене {client.serial} установлен новый PIN-код пользователя." in said
    assert "Токен разблокирован: доступ к ключевому контейнеру восстановлен" in said

    # «Сертификат в этом случае перевыпускать не требуется, доступ к ключевому контейнеру
    # восстанавливается с помощью нового PIN-кода, установленного Клиентом.»
    client.signs("Иванов", NEW_PIN)
    assert not client.is_let_in(USER_PIN)


def test_2_a_token_is_cleaned_for_its_next_owner(client: Owner, bank: HelpDesk) -> None:
    """«2. Порядок действий при „чистке“ JaCarta PKI»."""
    for label in ("Петров-2023", "Петров-2024", "Петров-2025"):
        client.has(label, USER_PIN)
    client.leaves_no_room()

    # «Если требуется очистить токен, например в случае если меняется владелец ключа, или превышен
    # объем памяти для записи очередного контейнера, или по желанию владельца сертификата, для
    # этого:»
    # «2.1 Если меняется владелец токена, то сначала необходимо воостановить доступ к токену,
    # установив новый пароль пользователя (см. п.1 по порядку разблокировки токена).»
    window = client.opens("unblock")
    window.types(bank.answers(client, enters_new_pin(window)))
    assert window.ends().code == 0
    code, said = asks_for_a_certificate(client)
    assert code == 10
    assert f"Память токена {client.serial} заполнена" in said

    # «2.2 Далее для очистки токена Клиенту необходимо … выполнить частичную или полную чистку
    # токена, воспользовавшись удалением конкретного контейнера (ов), сертификата и/или ключа,
    # выбрав соответствующий объект и нажав на „корзину“»
    assert "Удалено 3 объекта" in deletes(client, "Петров-2023")
    assert "Петров-2023" not in client.reads("list")
    assert "Удалён 1 объект" in deletes(client, client.certificate("Петров-2024"))
    client.signs("Петров-2025", NEW_PIN)
    assert asks_for_a_certificate(client).code == 0

    window = client.opens("wipe")
    window.answers(ASKS_PIN, NEW_PIN)
    window.answers(f"введите серийный номер {client.serial}:", client.serial)
    assert window.ends().code == 0
    assert "Петров" not in client.reads("list")


def asks_for_a_certificate(client: Owner) -> Left:
    """«Запись очередного контейнера»: a new key is made, and its request written."""
    window = client.opens("enroll", "--csr-out", "-", "--subject", "CN=Иванов")
    window.answers(ASKS_PIN, NEW_PIN)
    return window.ends()


def deletes(client: Owner, what: str) -> str:
    """Chooses something and confirms that it is to go; what the program says of it."""
    window = client.opens("delete", what)
    window.answers(ASKS_PIN, NEW_PIN)
    window.answers("Удалить? [y/N]", "да")
    code, said = window.ends()
    assert code == 0
    return said
