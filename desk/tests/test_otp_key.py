"""One-time passwords are kept under a key that is not in the database."""

from __future__ import annotations

import shutil
import uuid
from contextlib import closing
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from desk_client import Client, new_key, new_login, request
from desk_home import Home
from lockwright.audit import verify
from lockwright.secret import Secret
from lockwright_desk.enrolment.desk import Asked, Desk
from lockwright_desk.enrolment.otp_key import OtpKey, Whose
from lockwright_desk.enrolment.proving import Credentials
from lockwright_desk.enrolment.refusals import CredentialsWrong
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.enrolment import Key, Password
from lockwright_desk.store.tables.every import METADATA
from postgres_cluster import Cluster
from sqlalchemy import delete, select

OF_THEN = {"passwords", "certificates", "requests", "revocation_lists", "wrong_tries"}
"""Tables of the version before there was a key."""


@pytest.fixture
def desk(fresh: Home) -> Home:
    """A desk of the test's own, set up."""
    assert fresh.init().code == 0
    return fresh


def as_before_there_was_a_key(home: Home, password: str) -> None:
    """Put a desk back to the tables without keys, and a password to what was kept of it then."""
    number, secret = password.replace("-", "")[:8], password.replace("-", "")[8:]
    earlier = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    with closing(Database(home.settings.database)) as database, database.writing() as session:
        session.get_one(Password, number).hash = earlier.hash(secret)
        connection = session.connection()
        for table in reversed(METADATA.sorted_tables):
            if table.name not in OF_THEN:
                table.drop(connection)
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    home.settings.otp_key.unlink()


def kept(home: Home, login: str) -> str:
    """What the database keeps of a login's password."""
    with closing(Database(home.settings.database)) as database, database.reading() as session:
        return session.scalars(select(Password.hash).where(Password.login == login)).one()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_desk_of_an_earlier_version_gets_a_key_and_its_passwords_are_kept_anew_when_used(
    tmp_path: Path, postgres: Cluster, kind: str
) -> None:
    url = postgres.database(f"desk_{uuid.uuid4().hex}") if kind == "postgresql" else None
    desk = Home(tmp_path, url)
    assert desk.init().code == 0
    login, key = new_login(), new_key()
    password = desk.otp(login)
    as_before_there_was_a_key(desk, password)

    made = desk.run("init")
    with desk.serving() as server:
        client = Client(server)
        wrong = client.enroll(request(key, ""), login=login, password=password[:-4] + "0000")
        before = kept(desk, login)
        first = client.enroll(request(key, ""), login=login, password=password)
        after = kept(desk, login)
        again = client.enroll(request(key, ""), login=login, password=password)

    assert f"The key of the one-time passwords is in {desk.settings.otp_key}" in made.out
    assert wrong.status == 401
    assert before.startswith("$argon2id$")
    assert after.startswith("hmac-sha256:")
    assert again.certificate == first.certificate


def test_a_database_whose_key_is_not_there_is_not_given_another_one(desk: Home) -> None:
    """As on a second server, or after a backup that left the key out."""
    desk.otp(new_login())
    desk.settings.otp_key.unlink()

    for command in (["init"], ["serve", "--port", "0"], ["otp", "new", "anna", "--set", "name=A"]):
        ended = desk.run(*command)

        assert ended.code == 30, ended.out
        assert "The key of the one-time passwords cannot be used" in ended.err
        assert "lockwright-desk otp new-key" in ended.err
        assert not desk.settings.otp_key.exists()


def test_a_stolen_database_proves_nothing_under_another_key(desk: Home, tmp_path: Path) -> None:
    login = new_login()
    password = desk.otp(login)
    thief = Home(tmp_path / "thief")
    thief.folder.mkdir()
    assert thief.init().code == 0
    shutil.copy(desk.folder / "desk.db", thief.folder / "desk.db")

    as_it_is = thief.run("serve", "--port", "0")
    with closing(Database(thief.settings.database)) as database, database.writing() as session:
        session.execute(delete(Key))  # the thief goes further
    assert thief.run("init").code == 0
    with thief.serving() as server:
        reply = Client(server).enroll(request(new_key(), ""), login=login, password=password)

    assert "is another key than the one that the passwords were made with" in as_it_is.err
    assert reply.status == 401


def test_a_password_holds_for_its_own_row_alone(desk: Home) -> None:
    """Who writes to the database, and has a password, gets no name but the one it was made for."""
    login = new_login()
    password = desk.otp(login)
    with closing(Database(desk.settings.database)) as database, database.writing() as session:
        row = session.get_one(Password, password.replace("-", "")[:8])
        row.subject = row.subject.replace("CN=", "CN=The Chief ")

    with desk.serving() as server:
        reply = Client(server).enroll(request(new_key(), ""), login=login, password=password)

    assert reply.status == 401


def test_an_unknown_login_is_judged_as_a_wrong_password_is(
    desk: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same is computed for both, so that the time tells nobody which logins there are."""
    login = new_login()
    wrong = desk.otp(login)[:-4] + "0000"
    computed: list[str] = []
    keeps = OtpKey.keeps

    def counted(key: OtpKey, whose: Whose, secret: Secret) -> str:
        computed.append(whose.login)
        return keeps(key, whose, secret)

    monkeypatch.setattr(OtpKey, "keeps", counted)
    with Desk(desk.settings) as opened:
        profile, csr = opened.settings.profile("client"), request(new_key(), "")
        for name in (login, "nobody"):
            said_by = Credentials(name, Secret(wrong))
            with pytest.raises(CredentialsWrong):
                opened.enroll(Asked(profile, csr, "127.0.0.1", said_by, None))

    assert computed == [login, "-"]


def test_a_key_that_others_can_read_is_refused(desk: Home) -> None:
    desk.settings.otp_key.chmod(0o644)

    ended = desk.run("otp", "new", "anna", "--set", "name=Anna")

    assert ended.code != 0
    assert str(desk.settings.otp_key) in ended.err


def test_a_new_key_revokes_what_was_not_used_and_leaves_the_rest(desk: Home) -> None:
    used, unused, later = (new_login() for _each in range(3))
    passwords = {login: desk.otp(login) for login in (used, unused)}
    with desk.serving() as server:
        first = (
            Client(server)
            .enroll(request(new_key(), ""), login=used, password=passwords[used])
            .certificate
        )
    desk.settings.otp_key.unlink()

    made = desk.run("otp", "new-key")
    passwords[later] = desk.otp(later)
    states = {
        each["login"]: each["state"]
        for each in desk.run("otp", "list", "--json").document["passwords"]
    }
    with desk.serving() as server:
        client = Client(server)
        statuses = [
            client.enroll(request(new_key(), ""), login=login, password=passwords[login]).status
            for login in (unused, later)
        ]

    assert first is not None
    assert "1 one-time password was revoked." in made.out
    assert states == {used: "used", unused: "revoked", later: "open"}
    assert statuses == [401, 200]
    verify(desk.settings.audit)
    assert '"hook":"desk_otp_new_key"' in desk.settings.audit.read_text()


def test_the_key_can_be_on_the_cas_token_from_where_it_is_never_read(fresh: Home) -> None:
    fresh.changes = {'key_file = "otp-key"': 'key_label = "otp"'}
    made = fresh.init()
    login = new_login()
    given = fresh.run("otp", "new", login, "--set", "name=Anna", "--json").document["password"]
    with fresh.serving("--workers", "2") as server:
        reply = Client(server).enroll(request(new_key(), ""), login=login, password=given)
    fresh.run("otp", "new", new_login(), "--set", "name=Boris")

    renewed = fresh.run("otp", "new-key")
    later = fresh.run("otp", "new", login, "--set", "name=Anna", "--json").document["password"]
    with fresh.serving() as server:
        second = Client(server).enroll(request(new_key(), ""), login=login, password=later)

    assert "The key of the one-time passwords is on the token: otp" in made.out
    assert not (fresh.folder / "otp-key").exists()
    assert (reply.status, second.status) == (200, 200)
    assert "1 one-time password was revoked." in renewed.out


def test_a_key_on_a_token_needs_a_token(desk: Home) -> None:
    text = desk.file.read_text()
    begin, end = text.index("[ca.token]"), text.index("[audit]")
    without = text[:begin] + 'key_file = "ca-key.pem"\n\n[passwords]\nkey_label = "otp"\n\n'
    desk.file.write_text(without + text[end:])

    assert "[passwords] key_label needs the table [ca.token]" in desk.run("otp", "list").err


@pytest.mark.parametrize("found", ["", "secret", "zz" * 32, "00" * 31])
def test_what_is_no_key_is_not_taken_for_one(fresh: Home, found: str) -> None:
    """As a file that was begun by hand, or that a full disk has cut short."""
    fresh.folder.joinpath("otp-key").write_text(found)
    fresh.folder.joinpath("otp-key").chmod(0o600)

    ended = fresh.init()

    assert ended.code == 30, ended.out
    assert str(fresh.settings.otp_key) in ended.err
    assert fresh.settings.otp_key.read_text() == found


def test_a_server_that_still_has_the_key_before_counts_nobody_out_and_says_what_is_wrong(
    desk: Home,
) -> None:
    login = new_login()
    with desk.serving() as server:
        assert desk.run("otp", "new-key").code == 0
        password, csr = desk.otp(login), request(new_key(), "")
        since = len(server.log)
        client = Client(server)
        replies = [client.enroll(csr, login=login, password=password) for _each in range(7)]
        told = server.lines(since, 7)
    with desk.serving() as server:
        later = Client(server).enroll(csr, login=login, password=password)

    assert {reply.status for reply in replies} == {503}
    assert replies[0].headers["retry-after"] == "10"
    assert all("key of one-time passwords away" in line and login in line for line in told)
    assert later.status == 200


def test_a_new_key_revokes_what_waits_for_approval_as_well(desk: Home) -> None:
    """Its client could not be known again, and would wait for ever."""
    login, csr = new_login(), request(new_key(), "")
    password = desk.otp(login, "checked")
    with desk.serving() as server:
        waits = Client(server).enroll(csr, login=login, password=password, profile="checked")

    renewed = desk.run("otp", "new-key")
    [listed] = desk.run("otp", "list", "--json").document["passwords"]

    assert waits.status == 202
    assert "1 one-time password was revoked." in renewed.out
    assert listed["state"] == "revoked"
