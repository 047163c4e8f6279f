"""A help desk that is besieged: two servers over one PostgreSQL, a keeper with an HSM, operators
who are signed in, and tokens whose keys the HSM has."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from desk_home import DESK, Home, environment
from help_desk import Bench
from hsm_bank import ADAPTER, MODEL, Bank
from lockwright.files import durable
from lockwright_desk import clock
from lockwright_desk.helpdesk.custody.keeper_client import KeeperClient
from lockwright_desk.helpdesk.custody.port import KeyRecord
from lockwright_desk.helpdesk.custody.records import key_record
from lockwright_desk.signin import operators
from lockwright_desk.signin.console import at_the_console
from lockwright_desk.signin.roles import Role
from lockwright_desk.signin.sessions import COOKIE, Sessions
from lockwright_desk.signin.visitor import Visitor
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.register import KeyVersion, Token
from lockwright_desk.store.tables.signin import Credential, CredentialKind, Operator
from lockwright_testkit.waiting import listens, until
from sqlalchemy import insert, select, text

_LONGEST = 60
AGENT = "siege"
ORIGIN = "https://desk.bank.test"
_CONFIGURATION = """
[helpdesk.limits]
token_day = 1000000
client_day = 1000000
[helpdesk.second]
rules = []
[signin]
origin = "{origin}"
idle_minutes = 600
[keeper]
config = "{folder}/keeper.toml"
socket = "{folder}/keeper.sock"
"""
_PAST = """
WITH made AS (
    INSERT INTO cases (number, token_id, client_id, way, state, revision, wrong_checks, opened_at,
                       opened_by, verified_by_means, request, reason, ticket, closed_at)
    SELECT lpad(g::text, 9, '0'), 1 + g % {tokens}, 1 + g % {tokens}, 'dictated', 'worked', 7, 0,
           now() - interval '2 years' * (1 - g / {count}.0) - interval '1 day', 'past',
           'call-back', sha256(g::text::bytea), 'past', 'past', now()
    FROM generate_series(1, {count}) AS g
    RETURNING id, token_id, client_id, opened_at, request
)
INSERT INTO answers (request_sha256, case_id, token_id, client_id, operator, key, at)
SELECT encode(sha256(request), 'hex'), id, token_id, client_id, 'past', repeat('0', 64), opened_at
FROM made
"""


@dataclass(frozen=True)
class SignedIn:
    """An operator's browser."""

    name: str
    cookie: str
    forms: str
    """What each form of the session says."""


class SiegeDesk:
    """The desk, set up.

    Args:
        folder: an empty folder.
        url: of the database.
        tokens: how many tokens, each of a client.
        people: how many operators.
    """

    def __init__(self, folder: Path, url: str, tokens: int, people: int) -> None:
        (folder / "bank").mkdir()
        self.bank = Bank(folder / "bank")
        os.environ["SOFTHSM2_CONF"] = str(self.bank.softhsm.conf)
        self.bank.begin()
        extra = _CONFIGURATION.format(origin=ORIGIN, folder=self.bank.folder)
        self.homes = [Home(folder / "one", url, extra=extra)]
        self.homes[0].folder.mkdir()
        ended = self.homes[0].init()
        assert ended.code == 0, ended.err
        self.database = Database(self.homes[0].settings.database)
        self._run("keys", "make", "--custody", "wrapped")
        self.tokens = self._tokens(folder, tokens)
        self.people = [self._signed_in(f"operator-{each}") for each in range(people)]
        self.homes.append(Home(folder / "two", url, extra=extra))
        shutil.copytree(self.homes[0].folder, self.homes[1].folder)

    def close(self) -> None:
        """Give the database back."""
        self.database.close()

    def past(self, count: int) -> None:
        """Cases that were answered in the last two years."""
        with self.database.changing() as connection:
            # Of rows that are made right, a million are there in half a minute.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(_PAST.format(count=count, tokens=len(self.tokens))))
        with self.database.looking() as connection:
            connection.execute(text("VACUUM ANALYZE cases, answers"))

    @contextmanager
    def keeper(self) -> Iterator[KeeperClient]:
        """The keeper's process, which answers."""
        process = DESK.start(
            ["keeper", "--config", self.bank.file],
            environment=environment("C.UTF-8"),
            folder=self.bank.folder,
            descriptors={},
        )
        place = self.bank.settings.place
        try:
            until(lambda: listens(place.socket))
            yield KeeperClient(place)
        finally:
            process.kill()
            process.wait(_LONGEST)

    def record(self, serial: str) -> KeyRecord:
        """What the keeper is asked with for a token."""
        with self.database.reading() as session:
            row = session.scalars(select(Token).where(Token.serial == serial)).one()
            return key_record(row, session.get(KeyVersion, row.key_version_id))

    def _tokens(self, folder: Path, count: int) -> Mapping[int, str]:
        """Serial numbers by the tokens' numbers; the keys are taken in as a bank does."""
        bench = Bench(self.database, folder, now=clock.now())
        tokens = [bench.token(custody=None) for _each in range(count)]
        with self.database.reading() as session:
            chosen = select(Token.id, Token.serial).where(Token.id.in_(tokens))
            found = {row.id: row.serial for row in session.execute(chosen)}
        rows = [f"{serial},{key_of(serial).hex()}" for serial in found.values()]
        file = folder / "keys.csv"
        durable.replace(file, "\n".join(["serial,key", *rows, ""]).encode())
        self._run("keys", "import", str(file), "--adapter", ADAPTER, "--model", MODEL)
        return found

    def _signed_in(self, name: str) -> SignedIn:
        """An operator, and what their browser has."""
        settings, now = self.homes[0].settings.signin, clock.now()
        assert settings is not None
        who, visitor = at_the_console("siege"), Visitor("127.0.0.1", None, AGENT)
        operators.add(self.database, who, name, name.title(), [Role.OPERATOR], now)
        sessions = Sessions(settings, self.database)
        with self.database.changing() as connection:
            of_name = select(Operator.id).where(Operator.name == name).scalar_subquery()
            made = insert(Credential).values(
                operator_id=of_name,
                kind=CredentialKind.PASSKEY,
                name=name,
                label="",
                sign_count=0,
                added_at=now,
            )
            number = connection.scalar(made.returning(Credential.id))
            assert number is not None
            cookie = sessions.begin(connection, number, visitor, now)
        forms = sessions.who_of(cookie, visitor, clock.now()).forms
        return SignedIn(name, f"{COOKIE}={cookie}", forms)

    def _run(self, *arguments: str) -> None:
        ended = self.homes[0].run(*arguments)
        assert ended.code == 0, ended.err


class Replica:
    """A server that is killed and begun again.

    Args:
        home: its desk.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._running = ExitStack()
        self.begin()

    def begin(self) -> None:
        """Serve."""
        self._server = self._running.enter_context(self._home.serving())
        self.port = self._server.port

    def kill(self) -> None:
        """End it at once."""
        self._server.process.kill()
        self._running.close()

    def close(self) -> None:
        """End it as a service is ended."""
        self._running.close()


def key_of(serial: str) -> bytes:
    """The administrator key of a token of ``Bench``."""
    return sha256(serial.encode()).digest()[:24]
