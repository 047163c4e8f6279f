"""The tables: the migrations make what the code works with, in both databases."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from cryptography import x509
from desk_home import Home
from lockwright_desk.enrolment.authority.authority import Authority
from lockwright_desk.enrolment.crl.lists import RevocationLists
from lockwright_desk.errors import DatabaseUnusable
from lockwright_desk.store.database import Database
from lockwright_desk.store.migrate import NEWEST, alembic_config, revision
from lockwright_desk.store.tables.enrolment import Certificate, Password, Request
from lockwright_desk.store.tables.every import METADATA
from lockwright_desk.store.url import absolute_url, problem_of_url
from postgres_cluster import Cluster
from sqlalchemy import CheckConstraint, inspect, select
from sqlalchemy.exc import IntegrityError

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with the tables."""
    url = "sqlite:///desk.db"
    if request.param == "postgresql":
        postgres: Cluster = request.getfixturevalue("postgres")
        url = postgres.database(f"store_{uuid.uuid4().hex}")
    made = Database(absolute_url(url, tmp_path))
    made.make()
    yield made
    made.close()


def password(number: str = "AAAAAAAA") -> Password:
    return Password(
        id=number,
        login="anna",
        profile="client",
        subject="CN=Anna",
        hash="x",
        created_at=NOW,
        created_by="tests",
        expires_at=NOW,
    )


def wish(**given: str | None) -> Request:
    return Request(
        login="anna",
        profile="client",
        subject="CN=Anna",
        csr=b"x",
        key_sha256="x",
        made_at=NOW,
        **{"state": "waiting", **given},
    )


def certificate(serial: str) -> Certificate:
    return Certificate(
        serial=serial, subject="CN=x", der=b"x", fingerprint=serial, issued_at=NOW, not_after=NOW
    )


def test_the_migrations_make_the_tables_that_the_code_has(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        checks = {
            check["name"]
            for table in METADATA.tables
            for check in inspect(connection).get_check_constraints(table)
        }

    wanted = {
        str(constraint.name)
        for table in METADATA.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert checks == wanted == {"ck_requests_one_right", "ck_requests_issued_has_serial"}


def test_making_the_tables_again_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        session.add(password())

    database.make()
    database.check()

    with database.reading() as session:
        assert session.scalars(select(Password.login)).all() == ["anna"]


def test_times_come_back_in_utc(database: Database) -> None:
    moscow = NOW.astimezone(timezone(timedelta(hours=3)))
    with database.writing() as session:
        row = password()
        row.expires_at = moscow
        session.add(row)

    with database.reading() as session:
        found = session.scalars(select(Password.expires_at)).one()

    assert found == NOW
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "second",
    [
        wish(password_id="AAAAAAAA"),
        wish(),
        wish(password_id="AAAAAAAA", renews="01"),
        wish(renews="01", state="issued"),
        wish(renews="01", serial="02"),
        wish(renews="99"),
    ],
    ids=["used twice", "no right", "two rights", "no serial", "not issued", "no certificate"],
)
def test_the_database_itself_keeps_to_once(database: Database, second: Request) -> None:
    """Whatever the code does: one right has one request, and that at most one certificate."""
    with database.writing() as session:
        session.add_all([password(), certificate("01"), certificate("02")])
    with database.writing() as session:
        session.add(wish(password_id="AAAAAAAA"))

    copied = {c.key: getattr(second, c.key) for c in Request.__table__.columns if c.key != "id"}
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(Request(**copied))


def test_a_serial_number_exists_once(database: Database) -> None:
    with database.writing() as session:
        session.add(certificate("01"))

    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(certificate("01"))


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.writing() as session:
            session.add(password())
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    with database.reading() as session:
        assert session.scalars(select(Password)).all() == []


def test_the_revision_that_the_code_names_is_the_last_migration(database: Database) -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_current_head() == NEWEST
    with database.engine.connect() as connection:
        assert revision(connection) == NEWEST
        assert MigrationContext.configure(connection).get_current_revision() == NEWEST


def test_what_was_revoked_before_is_in_the_list_when_the_tables_are_brought_up(
    fresh: Home,
) -> None:
    """From the first tables: the last list is not built upon, and the next one has them all."""
    fresh.init()
    serials = [f"{each:040x}" for each in range(1, 4)]
    with closing(Database(fresh.settings.database)) as database:
        METADATA.drop_all(database.engine)
        with database.engine.begin() as connection:
            config = alembic_config()
            config.attributes["connection"] = connection
            connection.exec_driver_sql("DROP TABLE alembic_version")
            command.upgrade(config, "0001")
            for at, serial in enumerate(serials):
                moment = NOW + timedelta(days=at)
                connection.exec_driver_sql(
                    "INSERT INTO certificates (serial, subject, der, fingerprint, issued_at,"
                    " not_after, revoked_at, reason) VALUES (?, 'CN=x', '', ?, ?, ?, ?, ?)",
                    (serial, serial, moment, NOW + timedelta(days=3650), moment, "superseded"),
                )
            connection.exec_driver_sql(
                "INSERT INTO revocation_lists VALUES (7, ?, ?, 3, 'x')",
                (NOW, NOW + timedelta(days=7)),
            )

    assert fresh.run("init").code == 0
    with (
        closing(Database(fresh.settings.database)) as database,
        closing(Authority.open(fresh.settings.ca)) as authority,
    ):
        found = x509.load_der_x509_crl(RevocationLists(database, authority).current(NOW))

    assert [f"{each.serial_number:040x}" for each in found] == serials
    assert found.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number > 7


def test_tables_that_are_not_there_are_noticed(tmp_path: Path) -> None:
    database = Database(absolute_url("sqlite:///desk.db", tmp_path))

    with pytest.raises(DatabaseUnusable, match=f"its tables are of the version -, not {NEWEST}"):
        database.check()
    database.close()


def test_a_database_that_does_not_answer_is_told_without_a_traceback(fresh: Home) -> None:
    fresh.database = "postgresql://nobody@127.0.0.1:1/none"

    ended = fresh.init()

    assert ended.code == 30
    assert "The database cannot be used: connection failed" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("nonsense", "it is not a URL"),
        ("mysql://localhost/desk", "it begins with neither sqlite: nor postgresql:"),
        ("postgresql://desk:secret@db/desk", "it must not hold a password"),
        ("sqlite://", "it names no file"),
        ("sqlite:///:memory:", "it names no file"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused(url: str, problem: str) -> None:
    assert str(problem_of_url(url)).startswith(problem)
