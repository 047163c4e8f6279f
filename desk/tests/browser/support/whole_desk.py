"""A whole help desk as its own commands make it: register, HSM, keeper, operators, server."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from chromium import NAME
from desk_home import Ended, Home, Server
from hsm_bank import ADAPTER, MODEL, Bank
from lockwright_testkit.waiting import listens, until

_LONGEST = 60
CLIENTS = """\
login,name,phone,language,grade
petrova,Анна Сергеевна Петрова,+7 495 123-45-67,en,
ivanov,Иванов Иван Иванович,+7 495 123-45-68,ru,vip
stepanova,Maria Stepanova,+7 495 123-45-69,en,
"""
TOKENS = f"""\
adapter,model,serial,label,login
{ADAPTER},{MODEL},0B53001435596976,Anna's token,petrova
{ADAPTER},{MODEL},0B53001435596977,Ivan's token,ivanov
{ADAPTER},{MODEL},0B53001435596978,Maria's token,stepanova
"""
_TABLES = """
[signin]
origin = "{origin}"

[helpdesk.second]
rules = ["grade"]
grades = ["vip"]

[helpdesk.limits]
token_day = 1000
client_day = 1000

[helpdesk.line]
open = true
serial_hour = 1000
address_hour = 1000

[keeper]
socket = "{socket}"
config = "{keeper}"
"""


@dataclass
class WholeDesk:
    """One that is set up."""

    home: Home
    bank: Bank
    port: int
    server: Server | None = None
    plugged: Mapping[str, str] = field(default_factory=dict)
    """What the keeper's environment has besides, such as a simulated token."""

    def files(self) -> Iterator[Path]:
        """Every file of the desk and of its keeper: database, trails, counts."""
        for folder in (self.home.folder, self.bank.folder):
            yield from (file for file in folder.rglob("*") if file.is_file())

    @property
    def origin(self) -> str:
        """Where its pages are."""
        return f"https://{NAME}:{self.port}"

    def run(self, *arguments: str) -> Ended:
        """Run a command of it, which has to come to a good end."""
        ended = self.home.run(*arguments)
        assert ended.code == 0, ended.out + ended.err
        return ended

    def take_in(self, what: str, rows: str) -> None:
        """Import ``clients`` or ``tokens``."""
        file = self.home.folder / f"{what}.csv"
        file.write_text(rows, encoding="utf-8")
        self.run(what, "import", str(file))

    def operator(self, name: str, shown: str, *roles: str) -> str:
        """Add somebody; the sign-in code."""
        given = [part for role in roles for part in ("--role", role)]
        code: str = self.run("operators", "add", name, "--shown", shown, *given, "--json").document[
            "code"
        ]
        return code

    @contextmanager
    def serving(self) -> Iterator[Server]:
        """Its keeper and its server run, until the block ends."""
        keeper = self.home.start("keeper", more=self.plugged)
        try:
            place = self.home.settings.keeper.socket  # type: ignore[union-attr]  # there is one
            until(lambda: listens(place))
            with self.home.serving("--port", str(self.port)) as server:
                yield server
        finally:
            keeper.send_signal(signal.SIGTERM)
            keeper.wait(_LONGEST)


def whole_desk(folder: Path) -> WholeDesk:
    """Set one up, with three clients, their tokens, and a key for each.

    Args:
        folder: an empty folder.
    """
    desk = empty_desk(folder)
    desk.take_in("clients", CLIENTS)
    desk.take_in("tokens", TOKENS)
    desk.run("keys", "make", "--custody", "derived")
    desk.run("keys", "assign", "--custody", "derived", "--adapter", ADAPTER, "--model", MODEL)
    return desk


def empty_desk(folder: Path, *, keeper: str = "") -> WholeDesk:
    """Set one up that has nobody in its register, and no key.

    Args:
        folder: an empty folder.
        keeper: further tables of its keeper's configuration.
    """
    socket_ = folder / "keeper.sock"
    bank = Bank(_made(folder / "bank"), extra=f'socket = "{socket_}"', tables=keeper)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(bank.softhsm.conf))
        bank.begin()
    port = _free_port()
    origin = f"https://{NAME}:{port}"
    tables = _TABLES.format(origin=origin, keeper=bank.file, socket=socket_)
    names = {'"localhost"': f'"{NAME}", "localhost"'}
    desk = WholeDesk(Home(_made(folder / "desk"), changes=names, extra=tables), bank, port)
    made = desk.home.init()
    assert made.code == 0, made.err
    return desk


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _free_port() -> int:
    """A passkey belongs to an origin, so the port stands in the configuration before it serves."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
