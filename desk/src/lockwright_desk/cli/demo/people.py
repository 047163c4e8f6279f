"""Who is in the demo: made-up clients of a bank, their tokens, and who works there."""

from __future__ import annotations

from dataclasses import dataclass

from lockwright.i18n import N_

from lockwright_desk.signin.roles import Role

ADAPTER, MODEL = "jacarta", "JaCarta Laser"
PERSONALITY = "jacarta-pki"
_FIRST_SERIAL = 0x0B53001435596970


@dataclass(frozen=True, slots=True)
class Held:
    """A client, with a token."""

    login: str
    name: str
    phone: str
    grade: str
    serial: str


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody at the bank."""

    login: str
    shown: str
    what: str
    """What this person does, to be translated."""
    roles: tuple[Role, ...]


_NAMES = (
    ("petrova", "Анна Сергеевна Петрова", ""),
    ("ivanov", "Иван Иванович Иванов", "vip"),
    ("sidorova", "Мария Павловна Сидорова", ""),
    ("kuznetsov", "Пётр Алексеевич Кузнецов", ""),
    ("smirnova", "Ольга Викторовна Смирнова", ""),
    ("orlov", "Борис Николаевич Орлов", "vip"),
    ("volkova", "Елена Игоревна Волкова", ""),
    ("zaitsev", "Денис Олегович Зайцев", ""),
    ("sokolova", "Юлия Андреевна Соколова", ""),
    ("lebedev", "Семён Ильич Лебедев", ""),
)
CLIENTS = tuple(
    Held(login, name, f"+7 495 000-00-{number:02}", grade, f"{_FIRST_SERIAL + number:016X}")
    for number, (login, name, grade) in enumerate(_NAMES, 1)
)
"""The telephone numbers are nobody's."""
WORKERS = (
    Worker("operator", "Вера Оператор", N_("answers the calls"), (Role.OPERATOR,)),
    Worker("approver", "Павел Согласующий", N_("agrees as the second person"), (Role.APPROVER,)),
    Worker(
        "administrator",
        "Нина Администратор",
        N_("adds operators, and reads the audit trail"),
        (Role.ADMINISTRATOR, Role.AUDITOR),
    ),
)
