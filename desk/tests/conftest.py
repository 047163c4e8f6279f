"""Desks for tests: one that serves, one with each database, one that is only set up."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from bank_mail import Mailbox, mail_server
from desk_client import Client
from desk_home import Home, Server
from help_desk import Bench
from lockwright_desk.store.database import Database
from lockwright_desk.store.url import absolute_url
from lockwright_testkit.pki import TestCa, pem, server_context
from postgres_cluster import Cluster, cluster
from sign_in_desk import Clock, SignInDesk


@pytest.fixture(autouse=True)
def _softhsm_of_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that is opened in this process points SoftHSM to its token: no later test sees it."""
    monkeypatch.setenv("SOFTHSM2_CONF", "set by the desk")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL."""
    with cluster() as running:
        yield running


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A desk that is set up; tests share it, so each takes logins of its own."""
    made = Home(tmp_path_factory.mktemp("desk"))
    ended = made.init()
    assert ended.code == 0, ended.err
    return made


@pytest.fixture(scope="session")
def server(home: Home) -> Iterator[Server]:
    """The server of that desk."""
    with home.serving() as running:
        yield running


@pytest.fixture
def client(server: Server) -> Client:
    """A client of that server that shows no certificate."""
    return Client(server)


@pytest.fixture
def fresh(tmp_path: Path) -> Home:
    """A desk of the test's own, not set up yet."""
    return Home(tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def each_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database, of each kind in turn."""
    if request.param == "postgresql":
        postgres: Cluster = request.getfixturevalue("postgres")
        return postgres.database(f"each_{uuid.uuid4().hex}")
    return f"sqlite:///{tmp_path / 'desk.db'}"


@pytest.fixture
def signin(tmp_path: Path) -> Iterator[SignInDesk]:
    """A desk that operators sign in at, without the rest of its pages."""
    made = SignInDesk(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", Clock())
    with closing(made.database):
        yield made


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """SQLite with the tables; tests share it, so each takes clients of its own."""
    made = Database(absolute_url("sqlite:///desk.db", tmp_path_factory.mktemp("help-desk")))
    made.make()
    yield made
    made.close()


@pytest.fixture(scope="session")
def large_store(postgres: Cluster) -> Iterator[Database]:
    """PostgreSQL with the tables; tests share it, so each takes clients of its own."""
    made = Database(postgres.database("help_desk"))
    made.make()
    yield made
    made.close()


@pytest.fixture
def bench(small_store: Database, tmp_path: Path) -> Bench:
    """A help desk over SQLite, for what no database decides."""
    return Bench(small_store, tmp_path)


@pytest.fixture(params=["small_store", "large_store"], ids=["sqlite", "postgresql"])
def either_bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    """A help desk over either database."""
    return Bench(request.getfixturevalue(request.param), tmp_path)


@pytest.fixture(scope="session")
def bank_ca() -> TestCa:
    """A CA of the bank's own."""
    return TestCa.root()


@pytest.fixture(scope="session")
def bank_ca_file(bank_ca: TestCa, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its certificate."""
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    file.write_bytes(pem(bank_ca.certificate))
    return file


@pytest.fixture(scope="session")
def running_mail(bank_ca: TestCa) -> Iterator[Mailbox]:
    """A mail server."""
    with mail_server(server_context(bank_ca, "localhost")) as box:
        yield box


@pytest.fixture
def mail(running_mail: Mailbox) -> Mailbox:
    """The same, with nothing in it."""
    for kept in (running_mail.mails, running_mail.recipients, running_mail.replies):
        kept.clear()
    return running_mail
