"""What one enrolment costs in statements and waits for the disk; ``-s`` prints the statements."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from desk_client import new_key, request
from desk_home import Home
from lockwright.audit import verify
from lockwright.audit.trail import AuditTrail
from lockwright.errors import AuditUnwritable
from lockwright.secret import Secret
from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.enrolment.desk import Asked, Desk
from lockwright_desk.enrolment.issuing import Issued
from lockwright_desk.enrolment.proving import Credentials
from postgres_cluster import Cluster
from sqlalchemy import Engine, event

THREADS = 8
_LONGEST = 30


@contextmanager
def said_to(engine: Engine) -> Iterator[list[str]]:
    """What a database is asked meanwhile, a statement or the end of a transaction each."""
    said: list[str] = []

    def statement(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        said.append(" ".join(sql.split()))

    def committed(_connection: Any) -> None:
        said.append("COMMIT")

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", committed)
    yield said
    event.remove(engine, "before_cursor_execute", statement)
    event.remove(engine, "commit", committed)


def kinds(said: Sequence[str]) -> list[str]:
    """The statements by their first words and the table that they end with."""
    tables = ("wrong_tries", "certificates", "requests", "passwords")
    named = [
        f"{each.split()[0]} {next((table for table in tables if table in each), '')}".strip()
        for each in said
        if not each.startswith("BEGIN")
    ]
    print("\n".join(said))  # noqa: T201  # for -s
    return named


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, fresh: Home) -> Iterator[tuple[Home, Desk]]:
    """A desk over one of the databases."""
    if request.param == "postgresql":
        postgres: Cluster = request.getfixturevalue("postgres")
        fresh.database = postgres.database(f"desk_{uuid.uuid4().hex}")
    assert fresh.init().code == 0
    with Desk(fresh.settings) as opened:
        yield fresh, opened


def test_an_enrolment_asks_the_database_five_times_in_one_transaction_and_a_look(
    desk: tuple[Home, Desk],
) -> None:
    home, opened = desk
    password, csr = home.otp("anna"), request(new_key(), "")

    def enrol() -> list[str]:
        said_by = Credentials("anna", Secret(password))
        profile = opened.settings.profile("client")
        with said_to(opened.database.engine) as said:
            assert isinstance(
                opened.enroll(Asked(profile, csr, "127.0.0.1", said_by, None)), Issued
            )
        return kinds(said)

    look, lock, used = "SELECT wrong_tries", "SELECT passwords", "SELECT certificates"

    assert enrol() == [look, lock, used, "INSERT certificates", "INSERT requests", "COMMIT"]
    assert enrol() == [look, lock, used, "COMMIT"]


# --- records of many threads ----------------------------------------------------------------------


def test_records_that_wait_for_the_disk_are_written_together_and_each_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the first is being written, the others come; one wait for the disk does for them."""
    writes: list[int] = []
    may_write = threading.Event()
    append_all = AuditTrail.append_all

    def slow(trail: AuditTrail, events: Sequence[Any]) -> None:
        writes.append(len(events))
        assert may_write.wait(_LONGEST)
        append_all(trail, events)

    monkeypatch.setattr(AuditTrail, "append_all", slow)
    recorder = Recorder(tmp_path / "audit.jsonl")

    def operate(number: int) -> None:
        with recorder.operation("test", number=number) as result:
            result["done"] = number

    threads = [threading.Thread(target=operate, args=(each,)) for each in range(THREADS)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + _LONGEST
    while not writes or recorder.waiting < THREADS - writes[0]:
        assert time.monotonic() < until
        time.sleep(0.001)
    may_write.set()
    for thread in threads:
        thread.join()

    lines = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert sum(writes) == len(lines) == 2 * THREADS
    assert writes[1] >= THREADS - writes[0]
    assert verify(tmp_path / "audit.jsonl").unfinished == ()
    done = [line["facts"]["done"] for line in lines if line["event"] == "outcome"]
    assert sorted(done) == list(range(THREADS))


def test_all_who_wait_are_told_when_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "audit.jsonl").mkdir()
    recorder = Recorder(tmp_path / "audit.jsonl")
    begun, refused = [], []

    def operate() -> None:
        try:
            with recorder.operation("test"):
                begun.append(1)
        except AuditUnwritable as error:
            refused.append(str(error))

    threads = [threading.Thread(target=operate) for _each in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert begun == []
    assert len(refused) == THREADS
