"""«Запись и удаление сертификата на еТокен».

The document of a payment system, step by step and in its words, with lockwright in the place of the
vendor's client and of the system's own program, and lockwright-desk in that of its manager and CA.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_home import Home, Server
from lockwright_testkit.customer import Customer
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory
from people import ASKS_PIN, Owner

ASKS_NEW = "Новый PIN-код пользователя:"
LOGIN, NEW_PIN = "agent", "Kettle-Moss-42"
MANAGER = "менеджер Ольга, 123"
pytestmark = pytest.mark.timeout(600)  # a story is long, and a machine may be busy


@pytest.fixture(scope="module")
def manager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """«Менеджер ОСМП»: gives out logins and one-time passwords, and has a CA that serves."""
    home = Home(tmp_path_factory.mktemp("desk"))
    home.init()
    with home.serving() as running:
        yield running


@pytest.fixture
def agent(sim: SimulatorFactory, manager: Server, tmp_path: Path, terminal: Terminal) -> Owner:
    """Someone with an eToken whose certificate has expired."""
    device = sim("etoken", label="eToken")
    customer = Customer(tmp_path)
    portal = {
        "url": manager.url,
        "label": "rsa",
        "subject": "CN={login},OU={login},O=Bank",
        "key_type": "rsa:2048",
        "trust": [str(manager.ca)],
    }
    customer.configure(
        {"portal": portal},
        f'[adapters.etoken]\nmodules = ["{device.module}"]\n[enrolment]\ncontact = "{MANAGER}"',
    )
    owner = Owner(customer.program, device, terminal)
    owner.has("old", USER_PIN, expired=True)
    return owner


def test_an_expired_certificate_is_deleted_and_a_new_one_is_written(
    agent: Owner, manager: Server
) -> None:
    # «Для совершения действий с сертификатом пользователя нам понадобится:
    # 1. Драйвер на еТокен не ниже версии 5.1»
    agent.device.set("library.version", "5.0")
    code, said = agent.opens("list").ends()
    assert code == 11
    assert "5.0" in said
    assert "5.1" in said
    agent.device.set("library.version", "5.1")

    # «Примечание: Если вы ранее имели доступ на портал управления, а в данный момент срок действия
    # сертификата закончился …, то вам необходимо сначала удалить „старый“ пользовательский
    # сертификат, далее записать новый.»

    # «Удаление. Шаг1. Открываем „eToken Properties“»
    # «Шаг2. Выбираем сертификат для удаления … Откроется полный список содержащихся
    # пользовательских сертификатов»
    listed = agent.reads("list")
    assert "old" in listed
    assert "истёк" in listed

    # «Шаг 3 Выберите сертификат для удаления, … выберите пункт „удалить сертификат“. Появится окно
    # предупреждения, необходимо согласиться нажав „Да“. Далее введите пароль на еТокен, нажмите
    # „ок“, сертификат будет удален.»
    window = agent.opens("delete", "old")
    window.answers(ASKS_PIN, USER_PIN)
    assert "old" in window.answers("Удалить? [y/N]", "да")
    assert window.ends().code == 0
    assert "old" not in agent.reads("list")

    # «Запись. Шаг1. Запустите Киви защиту. Выберите пункт „Получить доступ на агентский сайт“»
    # «Шаг3. Выбираем тип хранилища – еТокен (eToken, Системное, Файл)»: here it is said at once.
    window = agent.opens("enroll", "--ca", "portal", "--storage", "token")

    # «Шаг 2 Вводим логин и пароль которые вы получите от менеджера ОСМП. Введите логин и
    # одноразовый пароль персоны, для которой вы хотите создать новый сертификат»
    window.answers("Логин:", LOGIN)
    window.answers("Одноразовый пароль:", manager.home.otp(LOGIN, "rsa", name=LOGIN))

    # «Шаг4. Вводим пароль на еТокен. Выберите устройство и введите пароль для данного устройства»
    window.answers(ASKS_PIN, USER_PIN)

    # «Ожидаем когда закончиться запись на еТокен. Должна появиться надпись, что персона успешно
    # записана.»
    code, said = window.ends()
    assert code == 0, said
    assert f"Сертификат записан на токен {agent.serial}" in said
    assert "Сделанная с ним подпись проверена: он работает." in said
    agent.signs(LOGIN, USER_PIN)


def test_a_password_for_the_etoken_keeps_the_rules_of_the_document(agent: Owner) -> None:
    # «Внимание: Пароль на еТокен должен соответствовать требованиям: не менее 8 символов,
    # обязательно присутствие цифр и больших - маленьких букв латинского алфавита.»
    window = agent.opens("pin", "change")
    window.answers(ASKS_PIN, USER_PIN)
    rules = window.reads(ASKS_NEW).before
    window.types("....")
    told = window.reads(ASKS_NEW).before
    for rule in (
        "не менее 8 символов",
        "не менее 1 цифры",
        "не менее 1 заглавной латинской буквы",
        "не менее 1 строчной латинской буквы",
    ):
        assert rule in rules
        assert rule in told
    window.types(NEW_PIN)
    window.answers("Ещё раз то же самое:", NEW_PIN)
    assert window.ends().code == 0
    assert agent.is_let_in(NEW_PIN)


def test_what_cannot_be_written_is_tried_three_times_and_then_told_to_the_manager(
    agent: Owner, manager: Server
) -> None:
    # «В случае ошибки записи появится соответствующее сообщение. Попробуйте еще раз (не более 3ех)
    # В случае неудачи обратитесь к менеджеру ОСМП.»
    otp = manager.home.otp("clumsy", "rsa", name="clumsy")
    agent.device.fault("C_CreateObject@*=0x30")
    window = agent.opens("enroll", "--ca", "portal", "--login", "clumsy")
    window.answers("Одноразовый пароль:", otp)
    window.answers(ASKS_PIN, USER_PIN)
    code, said = window.ends()
    assert code == 17
    assert "Не удалось записать сертификат" in said
    assert "попыток: 3" in said
    assert f"Обратитесь: {MANAGER}" in said

    # Nothing is lost: once the cause is gone, the same certificate is written.
    agent.device.clear_faults()
    window = agent.opens("enroll", "--resume")
    window.answers(ASKS_PIN, USER_PIN)
    assert window.ends().code == 0
    agent.signs("clumsy", USER_PIN)
