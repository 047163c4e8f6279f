"""A database that is busy or gone: whoever asks is told when to ask again, and loses nothing."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from desk_client import Client, Reply, new_key, new_login, request
from desk_home import Home, Server
from lockwright_desk.initialise import write_configuration
from postgres_cluster import Cluster

ADDRESS = "127.0.0.77"


@dataclass(frozen=True)
class Asking:
    """Somebody who asks for a certificate, again and again with the same request."""

    server: Server
    login: str
    password: str
    csr: bytes

    @classmethod
    def at(cls, server: Server) -> Asking:
        """With a password that was made before anything went wrong."""
        login = new_login()
        return cls(server, login, server.home.otp(login), request(new_key(), ""))

    def ask(self) -> Reply:
        """Ask."""
        client = Client(self.server, address=ADDRESS)
        return client.enroll(self.csr, login=self.login, password=self.password)

    def check_told(self, reply: Reply) -> None:
        """The client was told to come again, and the log has one line of it."""
        assert reply.status == 503
        assert reply.text == "The server is busy; repeat the same request later.\n"
        assert int(reply.headers["retry-after"]) > 0
        (line,) = self.server.lines(0)
        assert "database away" in line
        assert ADDRESS in line
        assert self.login in line
        assert self.password not in line


def test_a_request_is_answered_later_when_the_database_is_locked(fresh: Home) -> None:
    fresh.init()
    with fresh.serving() as server:
        asking = Asking.at(server)
        with closing(sqlite3.connect(fresh.folder / "desk.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            busy = asking.ask()
            asking.check_told(busy)
            other.execute("ROLLBACK")

        assert asking.ask().status == 200


def test_a_login_cannot_act_where_the_log_is_read(fresh: Home) -> None:
    """It is nobody's login, so it is refused before the database is asked, and is in no line."""
    fresh.init()
    login = "anna\x1b[2J\x9b\u202e"
    with (
        fresh.serving() as server,
        closing(sqlite3.connect(fresh.folder / "desk.db", isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        reply = Asking(server, login, "0000-0000-0000-0000-0000", request(new_key(), "")).ask()
        (line,) = server.lines(0)

    assert reply.status == 401
    assert "anna" not in line
    assert line.removesuffix("\n").isprintable()


@contextmanager
def gone(postgres: Cluster, name: str) -> Iterator[None]:
    """A database that nobody can connect to, and to which every line is cut."""
    postgres.say(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    lines = f"FROM pg_stat_activity WHERE datname = '{name}'"
    postgres.say(f"SELECT pg_terminate_backend(pid) {lines}")
    yield
    postgres.say(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def test_a_request_is_answered_later_when_the_database_is_gone(
    fresh: Home, postgres: Cluster
) -> None:
    name = f"gone_{uuid.uuid4().hex}"
    fresh.database = postgres.database(name)
    assert fresh.init().code == 0
    with fresh.serving() as server:
        asking = Asking.at(server)
        assert Client(server).get("/crl").status == 200
        with gone(postgres, name):
            asking.check_told(asking.ask())

        assert asking.ask().status == 200


@contextmanager
def read_only(postgres: Cluster, name: str) -> Iterator[None]:
    """A database that only answers, as a standby does, or one that is about to be moved."""
    lines = f"FROM pg_stat_activity WHERE datname = '{name}'"
    for setting in ("on", "off"):
        postgres.say(f"ALTER DATABASE {name} SET default_transaction_read_only = {setting}")
        postgres.say(f"SELECT pg_terminate_backend(pid) {lines}")
        if setting == "on":
            yield


def test_a_request_is_answered_later_when_the_database_can_only_be_read(
    fresh: Home, postgres: Cluster
) -> None:
    name = f"standby_{uuid.uuid4().hex}"
    fresh.database = postgres.database(name)
    assert fresh.init().code == 0
    with fresh.serving() as server:
        asking = Asking.at(server)
        with read_only(postgres, name):
            asking.check_told(asking.ask())
            operator = fresh.run("otp", "new", "anna", "--set", "name=Anna")

        assert asking.ask().status == 200
    assert operator.code == 30
    assert "The database cannot be used: " in operator.err


def test_tables_are_made_once_when_two_replicas_begin_at_the_same_time(
    tmp_path: Path, postgres: Cluster
) -> None:
    url = postgres.database(f"begun_{uuid.uuid4().hex}")
    homes = [Home(tmp_path / str(each), url) for each in range(3)]
    for each in homes:
        each.folder.mkdir()
        write_configuration(each.file, ["localhost"])
        text = each.file.read_text()
        each.file.write_text(text.replace("sqlite:///desk.db", url))

    at_once = [each.start("init") for each in homes]

    # One makes the key of the passwords, which the others have to get from it.
    assert sorted(each.wait(60) for each in at_once) == [0, 30, 30]
    [made] = [each.settings.otp_key for each in homes if each.settings.otp_key.exists()]
    for each in homes:
        if each.settings.otp_key != made:
            shutil.copy(made, each.settings.otp_key)
    assert [each.run("init").code for each in homes] == [0, 0, 0]


def test_an_operator_is_told_when_the_database_is_locked(
    fresh: Home,
) -> None:
    fresh.init()
    with closing(sqlite3.connect(fresh.folder / "desk.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        ended = fresh.run("otp", "new", "anna", "--set", "name=Anna")

    assert ended.code == 30
    assert ended.err == (
        "Error: The database cannot be used: another program has locked it.\n"
        "Nothing was changed.\n"
        "Repeat the command; if that does not help, see what else uses the database.\n"
    )
