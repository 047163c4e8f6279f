"""A bank whose help desk takes Requests over the line: HSM, keeper, server, and an operator."""

from __future__ import annotations

import http.client
import re
import shutil
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from desk_home import Home, Server
from hsm_bank import PREFIX, Bank
from keeping import keeping
from lockwright.models import KeyForm, Token
from lockwright_desk import clock
from lockwright_desk.helpdesk.custody.port import KeyRecord
from lockwright_desk.helpdesk.custody.token_keys import seal
from lockwright_desk.helpdesk.register import client_rows
from lockwright_desk.signin import credentials, operators
from lockwright_desk.signin.console import at_the_console
from lockwright_desk.signin.new_credentials import of_subject
from lockwright_desk.signin.roles import Role
from lockwright_desk.signin.sessions import COOKIE, Sessions
from lockwright_desk.signin.visitor import Visitor
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.line import Line
from lockwright_desk.store.tables.register import Custody, TokenState
from lockwright_desk.store.tables.register import Token as TokenRow
from sqlalchemy import select

ORIGIN = "https://desk.bank.test"
AGENT = "Browser/1"
_TABLES = """
[signin]
origin = "{origin}"
[helpdesk]
[helpdesk.limits]
token_day = 1000
client_day = 1000
[helpdesk.second]
rules = ["suspended"]
[helpdesk.line]
open = true
serial_hour = 1000
address_hour = 1000
[keeper]
socket = "{socket}"
config = "{keeper}"
"""
_WHO = at_the_console("tests")
_LONGEST = 60


@dataclass
class LineBank:
    """The bank; its desk is started and ended by tests."""

    home: Home
    hsm: Bank

    @classmethod
    def made(
        cls,
        folder: Path,
        database: str | None = None,
        keys: Callable[[Bank], object] = Bank.make_keys,
    ) -> LineBank:
        """One whose keeper and desk do not run yet.

        Args:
            folder: an empty folder.
            database: URL; None for SQLite.
            keys: makes the HSM's keys.
        """
        socket, desk = folder / "keeper.sock", folder / "desk"
        (folder / "bank").mkdir(parents=True)
        desk.mkdir()
        hsm = Bank(folder / "bank", extra=f'socket = "{socket}"')
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOFTHSM2_CONF", str(hsm.softhsm.conf))
            hsm.begin()
        keys(hsm)
        tables = _TABLES.format(origin=ORIGIN, socket=socket, keeper=hsm.file)
        home = Home(desk, database, extra=tables)
        made = home.init()
        assert made.code == 0, made.err
        return cls(home, hsm)

    def replica(self, folder: Path) -> LineBank:
        """Another server of the same desk, in a folder that is not there yet."""
        shutil.copytree(self.home.folder, folder)
        return replace(self, home=replace(self.home, folder=folder))

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Its keeper runs."""
        with keeping(self.hsm):
            yield

    @contextmanager
    def serving(self, port: int = 0) -> Iterator[Server]:
        """Its desk runs."""
        with self.home.serving("--port", str(port)) as server:
            yield server

    def register(self, token: Token, key: bytes, login: str) -> None:
        """A token in the hands of a client, its administrator key an object of the HSM."""
        self.enter(token.adapter or "", token.identity.model, token.serial, key, login)

    def enter(
        self,
        adapter: str,
        model: str,
        serial: str,
        key: bytes,
        login: str,
        state: TokenState = TokenState.ISSUED,
    ) -> None:
        """The same of a token that is not there."""
        record = KeyRecord(
            adapter, model, serial, Custody.OBJECT, KeyForm.HEX, label=f"admin-{serial}"
        )
        self.hsm.bring_object(record.label or "", key)
        with self.hsm.session() as session:
            record = replace(record, seal=seal(session, PREFIX, record))
        now = clock.now()
        with closing(self.database()) as database, database.writing() as session_:
            values = {"login": login, "name": login.title(), "phone": "+7 495 123-45-67"}
            session_.add(
                TokenRow(
                    adapter=adapter,
                    model=model,
                    serial=serial,
                    serial_end=serial[::-1].casefold(),
                    label="Token",
                    state=state,
                    state_since=now,
                    revision=1,
                    client_id=client_rows.add(session_, values, now).id,
                    held_since=now,
                    custody=Custody.OBJECT,
                    key_label=record.label,
                    key_form=KeyForm.HEX,
                    seal=record.seal,
                )
            )

    def database(self) -> Database:
        """Its database, opened by whoever has got hold of it."""
        return Database(self.home.settings.database)

    def lines(self) -> list[Line]:
        """What there is on the line."""
        with closing(self.database()) as database, database.reading() as session:
            return list(session.scalars(select(Line).order_by(Line.id)))

    def operator(self, name: str, server: Server, role: Role = Role.OPERATOR) -> Operator:
        """Somebody who has signed in at the page."""
        settings, now = self.home.settings, clock.now()
        assert settings.signin is not None
        with closing(self.database()) as database:
            operators.add(database, _WHO, name, name.title(), [role], now)
            new = of_subject("https://bank.test", name)
            number = credentials.add(database, _WHO, name, new, now)
            with database.changing() as connection:
                cookie = Sessions(settings.signin, database).begin(
                    connection, number, Visitor("127.0.0.1", agent=AGENT), now
                )
        return Operator(server, cookie)


@dataclass
class Operator:
    """An operator at the page, whose browser shows no pictures."""

    server: Server
    cookie: str
    clicks: int = field(default=0)
    """How many forms were sent."""

    def takes(self, number: str) -> str:
        """Take the Request that the caller names; the place of its case."""
        place, _page = self._submit("/desk/lines", {"number": number}, self.reads("/desk/queue"))
        return place

    def opens(self, token: int) -> str:
        """Open a case for a token of the register; its place."""
        page = self.reads(f"/desk/tokens/{token}")
        place, _page = self._submit(f"/desk/tokens/{token}/cases", {}, page)
        return place

    def does(self, case: str, step: str, **fields: str) -> str:
        """Do a step of a case; what the page says then."""
        _place, page = self._submit(f"{case}/{step}", fields, self.reads(case))
        return page

    def until_ready(self, number: str, words: str) -> str:
        """All before the Response: the caller verified, and the words compared as heard."""
        case = self.takes(number)
        self.does(case, "verify", means="call-back")
        self.does(case, "words", words=words)
        self.does(case, "grounds", reason="PIN forgotten", ticket="INC-4711")
        return case

    def reads(self, path: str) -> str:
        """A page."""
        status, _where, page = self._ask("GET", path, None)
        assert status == http.client.OK, page
        return page

    def _submit(self, path: str, fields: Mapping[str, str], page: str) -> tuple[str, str]:
        """Send a form of a page, and go where it leads."""
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        self.clicks += 1
        status, where, answer = self._ask("POST", path, {**hidden, **fields})
        if status != http.client.SEE_OTHER:
            return path, answer
        return where, self.reads(where)

    def _ask(self, method: str, path: str, form: Mapping[str, str] | None) -> tuple[int, str, str]:
        context = ssl.create_default_context(cafile=str(self.server.ca))
        connection = http.client.HTTPSConnection(
            "localhost", self.server.port, timeout=_LONGEST, context=context
        )
        headers = {
            "User-Agent": AGENT,
            "Cookie": f"{COOKIE}={self.cookie}",
            "Sec-Fetch-Site": "same-origin",
            "Accept-Language": "en",
        }
        if form is not None:
            headers |= {"Origin": ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}
        with closing(connection):
            connection.request(method, path, None if form is None else urlencode(form), headers)
            reply = connection.getresponse()
            return reply.status, reply.headers.get("location", ""), reply.read().decode()
