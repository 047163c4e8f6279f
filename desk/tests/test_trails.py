"""Several servers over one database: what they share, and their audit trails held against it."""

from __future__ import annotations

import shutil
import uuid
from contextlib import closing
from pathlib import Path

import pytest
from desk_client import Client, new_key, new_login, request
from desk_home import Home, Server
from lockwright.audit.group_commit import GroupCommit
from lockwright.audit.records import OUTCOME, Record
from lockwright.secret import Secret
from lockwright_desk.enrolment.desk import Asked, Desk
from lockwright_desk.enrolment.issuing import Issued
from lockwright_desk.enrolment.proving import Credentials
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.enrolment import Certificate, Request
from postgres_cluster import Cluster
from sqlalchemy import delete, select


@pytest.fixture
def replicas(tmp_path: Path, postgres: Cluster) -> tuple[Home, Home]:
    """Two servers, as the how-to makes them: the second is a copy of the first one's folder."""
    url = postgres.database(f"desk_{uuid.uuid4().hex}")
    extra = "[limits]\nlogin_failures = 2\n"
    one, other = Home(tmp_path / "one", url, extra=extra), Home(tmp_path / "other", url)
    one.folder.mkdir()
    assert one.init().code == 0
    shutil.copytree(one.folder, other.folder)
    assert other.run("init").out.startswith("Everything is there already.")
    other.settings.audit.unlink()
    other.settings.audit.with_name("audit.jsonl.head").unlink()
    return one, other


def enrolled(home: Home, server: Server) -> str:
    """Enrol; the serial number."""
    login = new_login()
    reply = Client(server).enroll(request(new_key(), ""), login=login, password=home.otp(login))
    return f"{reply.certificate.serial_number:040x}"


def test_trails_of_two_servers_are_verified_as_one_and_what_one_lacks_is_noticed(
    replicas: tuple[Home, Home],
) -> None:
    one, other = replicas
    with one.serving() as first, other.serving() as second:
        by_one = [enrolled(one, first) for _each in range(2)]
        by_other = enrolled(one, second)
        login = new_login()
        password = one.otp(login)
        tried = [
            Client(server)
            .enroll(request(new_key(), ""), login=login, password=password[:-4] + "0000")
            .status
            for server in (first, second, first)
        ]
        assert one.run("certificates", "revoke", by_other).code == 0
        lists = {Client(server).get("/crl").body for server in (first, second)}

    whole = one.run("audit", "verify", str(one.settings.audit), str(other.settings.audit))
    part = one.run("audit", "verify")

    assert tried == [401, 401, 429]
    assert len(lists) == 1
    assert whole.code == 0, whole.err
    assert "All 3 certificates in the database are recorded." in whole.out
    assert part.code == 30
    assert f"no audit trail names: 1 ({by_other})" in part.err
    assert len(set(by_one)) == 2


def test_what_was_cut_short_and_what_a_backup_forgot_are_told(
    fresh: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fresh.init().code == 0
    with fresh.serving() as server:
        forgotten = enrolled(fresh, server)
    password = fresh.otp("anna")
    with Desk(fresh.settings) as desk:
        append = GroupCommit.append

        def dies(trail: GroupCommit, record: Record) -> None:
            if record["event"] == OUTCOME:
                raise KeyboardInterrupt  # as a kill does, after the database has it
            append(trail, record)

        monkeypatch.setattr(GroupCommit, "append", dies)
        said_by = Credentials("anna", Secret(password))
        asked = Asked(
            fresh.settings.profile("client"), request(new_key(), ""), "127.0.0.1", said_by, None
        )
        with pytest.raises(KeyboardInterrupt):
            desk.enroll(asked)
        monkeypatch.undo()
        with desk.database.writing() as session:
            session.execute(delete(Request).where(Request.serial == forgotten))
            session.execute(delete(Certificate).where(Certificate.serial == forgotten))
            cut = session.scalars(
                select(Certificate.serial).where(Certificate.login == "anna")
            ).one()

    told = fresh.run("audit", "verify")
    document = fresh.run("audit", "verify", "--json").document

    assert told.code == 0, told.err
    assert f"{cut}: the server ended before it could record that it was issued" in told.out
    assert f"{forgotten}: recorded, and not in the database" in told.out
    assert (document["interrupted"], document["unknown"]) == ([cut], [forgotten])


def test_a_certificate_that_nobody_recorded_is_noticed(fresh: Home) -> None:
    assert fresh.init().code == 0
    with fresh.serving() as server:
        issued = enrolled(fresh, server)
    with closing(Database(fresh.settings.database)) as database, database.writing() as session:
        row = session.get_one(Certificate, issued)
        about = {column.key: getattr(row, column.key) for column in Certificate.__table__.columns}
        session.add(Certificate(**{**about, "serial": "f" * 40, "fingerprint": "f" * 64}))

    told = fresh.run("audit", "verify")

    assert told.code == 30
    assert "f" * 40 in told.err
    assert issued not in told.err


def test_a_certificate_for_the_key_of_a_request_that_was_refused_is_noticed(fresh: Home) -> None:
    """How the request ended is recorded: nothing was issued for it, whatever the database has."""
    assert fresh.init().code == 0
    login, key = new_login(), new_key()
    password = fresh.otp(login)
    with fresh.serving() as server:
        refused = Client(server).enroll(request(key, ""), login=login, password="0000")
    bare = fresh.folder / "as-recorded.jsonl"
    for end in ("", ".head"):
        shutil.copy(f"{fresh.settings.audit}{end}", f"{bare}{end}")
    with Desk(fresh.settings) as desk:
        said_by = Credentials(login, Secret(password))
        asked = Asked(
            fresh.settings.profile("client"), request(key, ""), "127.0.0.1", said_by, None
        )
        issued = desk.enroll(asked)

    told = fresh.run("audit", "verify", str(bare))

    assert refused.status == 401
    assert isinstance(issued, Issued)
    assert told.code == 30, told.out
    assert issued.serial in told.err
