"""An operator's computer with ``lockwright``, a certificate to sign in with, and no key."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from desk_client import Client, new_key, new_login, request, write_identity
from desk_home import Server
from hsm_bank import ADAPTER, MODEL, expected
from line_bank import LineBank
from line_window import of_desk
from lockwright.spoken import Check, request_check, spell
from lockwright_desk import clock
from lockwright_desk.signin import credentials, operators
from lockwright_desk.signin.console import at_the_console
from lockwright_desk.signin.new_credentials import of_certificate
from lockwright_desk.signin.roles import Role
from lockwright_desk.store.tables.cases import Case
from lockwright_desk.store.tables.register import TokenState
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.pseudo_terminal import Screen
from sqlalchemy import select

_WHO = at_the_console("tests")
_numbers = itertools.count(1)


@dataclass
class Caller:
    """A client whose token the register has, and the Request in the client's window."""

    bank: LineBank
    state: TokenState = TokenState.ISSUED
    key: bytes = field(default_factory=lambda: secrets.token_bytes(24))
    request: bytes = field(default_factory=lambda: secrets.token_bytes(8))

    def __post_init__(self) -> None:
        self.serial = f"0B54{next(_numbers):012}"
        login = f"caller-{self.serial[-4:]}"
        self.bank.enter(ADAPTER, MODEL, self.serial, self.key, login, self.state)

    @property
    def reads(self) -> str:
        """The Request as it is read out."""
        return spell(self.request)

    @property
    def check(self) -> Check:
        """What the window shows beside it."""
        return request_check(self.serial, self.request)

    @property
    def response(self) -> str:
        """What unblocks the token."""
        return expected(self.key, self.request).hex().upper()

    def case(self) -> Case:
        """The last case of the token."""
        with closing(self.bank.database()) as database, database.reading() as session:
            newest = select(Case).order_by(Case.id.desc()).limit(1)
            return session.scalars(newest).one()


class Workplace:
    """The computer of an operator.

    Args:
        folder: an empty folder.
        bank: the bank.
        desk: its desk, which serves.
        password: of the key to sign in with; empty for none.
    """

    def __init__(self, folder: Path, bank: LineBank, desk: Server, password: str = "") -> None:
        self.program = Program(folder)
        self.desk = desk
        key, self.name = new_key(), new_login()
        one_time = bank.home.otp(self.name, name="Olga")
        reply = Client(desk).enroll(request(key, ""), login=self.name, password=one_time)
        self.files = write_identity(folder, reply.certificate, key)
        self.files[1].chmod(0o600)
        if password:
            private = load_pem_private_key(self.files[1].read_bytes(), None)
            kept = BestAvailableEncryption(password.encode())
            self.files[1].write_bytes(
                private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, kept)
            )
        now = clock.now()
        with closing(bank.database()) as database:
            operators.add(database, _WHO, self.name, "Olga", [Role.OPERATOR], now)
            credentials.add(database, _WHO, self.name, of_certificate(reply.certificate), now)
        self.set()

    def set(self, more: str = "", *, signs_in: bool = True) -> None:
        """Write ``[desk]`` of the configuration."""
        own = f'certificate = "{self.files[0]}"\nkey = "{self.files[1]}"' if signs_in else ""
        folder = self.program.home / "config" / "lockwright"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.toml").write_text(f"[desk]\n{of_desk(self.desk)}\n{own}\n{more}\n")


def given(caller: Caller) -> Mapping[str, str]:
    """All that a program gives."""
    return {
        "--serial": caller.serial,
        "--means": "call-back",
        "--request": caller.reads,
        "--check": caller.check.words("en"),
        "--reason": "PIN forgotten",
        "--ticket": "INC-4711",
    }


def run(workplace: Workplace, *arguments: str) -> Ended:
    """Without a terminal."""
    return workplace.program.run("respond", "--desk", "--json", *arguments)


def until_words(screen: Screen, caller: Caller) -> None:
    """As far as the words."""
    screen.answers("Serial number or its last digits", caller.serial[-6:])
    assert f"Caller-{caller.serial[-4:]}" in screen.answers("Which one is meant?", "1")
    screen.answers("Request:", caller.reads)


def grounds(screen: Screen) -> None:
    """Why."""
    screen.answers("Why is it answered? For the record:", "PIN forgotten")
    screen.answers("Number of the call in the bank's own system:", "INC-4711")
