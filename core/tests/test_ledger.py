"""Each Request is answered once: between processes, over crashes, and within the bank's limits."""

from __future__ import annotations

import signal
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from lockwright import ledger as ledgers
from lockwright.errors import LedgerUnusable, RequestAnswered, TooManyAnswers
from lockwright.ledger import DAY, Answer, Ledger, Limits

REQUEST = bytes.fromhex("A892D75601617C5D")
SERIAL = "0B53001435596976"

RACER = """
import sys
from pathlib import Path
from lockwright.errors import RequestAnswered
from lockwright.ledger import Answer, Ledger

sys.stdin.readline()
try:
    Ledger(Path(sys.argv[1])).enter(Answer(bytes(8), "S1", "anna"))
except RequestAnswered:
    print("late")
else:
    print("first")
"""
KILLED_BEFORE = """
import os, signal, sys
from pathlib import Path
from lockwright.ledger import Answer, Ledger

with Ledger(Path(sys.argv[1]))._transaction() as database:
    database.execute(
        "INSERT INTO answered (request, serial, operator, time) VALUES ('half', 'S1', 'anna', 1)"
    )
    os.kill(os.getpid(), signal.SIGKILL)
"""
KILLED_AFTER = """
import os, signal, sys
from pathlib import Path
from lockwright.ledger import Answer, Ledger

Ledger(Path(sys.argv[1])).enter(Answer(bytes(8), "S1", "anna"))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bank" / "answered.db"


def test_a_request_is_answered_once(file: Path) -> None:
    ledger = Ledger(file)
    ledger.check(Answer(REQUEST, SERIAL, "anna"))
    ledger.enter(Answer(REQUEST, SERIAL, "anna"))

    for again in (ledger, Ledger(file)):
        with pytest.raises(RequestAnswered):
            again.check(Answer(REQUEST, SERIAL, "anna"))
        with pytest.raises(RequestAnswered):
            again.enter(Answer(REQUEST, SERIAL, "anna"))


def test_a_request_is_not_answered_for_another_token_or_by_another_operator(file: Path) -> None:
    ledger = Ledger(file)
    ledger.enter(Answer(REQUEST, SERIAL, "anna"))

    with pytest.raises(RequestAnswered):
        ledger.check(Answer(REQUEST, "0B53001435590000", "boris"))
    ledger.check(Answer(REQUEST[::-1], SERIAL, "anna"))


def test_of_many_processes_at_once_exactly_one_answers(file: Path) -> None:
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, file],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _number in range(8)
    ]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()

    said = sorted(racer.communicate()[0].strip() for racer in racers)

    assert said == ["first", *["late"] * 7]


def test_an_entry_that_a_crash_cut_short_is_none(file: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED_BEFORE, file], check=False)
    assert ended.returncode == -signal.SIGKILL

    ledger = Ledger(file)
    ledger.enter(Answer(REQUEST, SERIAL, "anna"))

    with sqlite3.connect(file) as database:
        assert database.execute("SELECT COUNT(*) FROM answered").fetchone() == (1,)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_an_entry_is_there_after_a_crash(file: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED_AFTER, file], check=False)
    assert ended.returncode == -signal.SIGKILL

    with pytest.raises(RequestAnswered):
        Ledger(file).check(Answer(bytes(8), "S1", "anna"))


def test_only_its_owner_may_read_it_and_no_request_is_in_it(file: Path) -> None:
    Ledger(file).enter(Answer(REQUEST, SERIAL, "anna"))

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    content = file.read_bytes()
    for form in (REQUEST, REQUEST.hex().encode(), REQUEST.hex().upper().encode()):
        assert form not in content


def test_a_file_that_is_no_ledger_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "answered.db"
    file.write_text("something else, and long enough to look at: " * 20)
    before = file.read_bytes()

    with pytest.raises(LedgerUnusable) as caught:
        Ledger(file).enter(Answer(REQUEST, SERIAL, "anna"))

    assert caught.value.facts["file"] == str(file)
    assert file.read_bytes() == before


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnusable):
        Ledger(tmp_path).check(Answer(REQUEST, SERIAL, "anna"))


def test_a_ledger_that_another_process_holds_is_waited_for_and_then_told(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(file)
    ledger.check(Answer(REQUEST, SERIAL, "anna"))
    monkeypatch.setattr(ledgers, "_PATIENCE", 0.1)
    held = sqlite3.connect(file, isolation_level=None)
    held.execute("BEGIN IMMEDIATE")

    with pytest.raises(LedgerUnusable, match="locked"):
        ledger.enter(Answer(REQUEST, SERIAL, "anna"))

    held.execute("ROLLBACK")
    held.close()
    ledger.enter(Answer(REQUEST, SERIAL, "anna"))


# --- limits --------------------------------------------------------------------------------------


def request(number: int) -> bytes:
    return number.to_bytes(8, "big")


def test_one_token_gets_so_many_answers_a_day(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(file, Limits(per_serial=2))
    ledger.enter(Answer(request(1), SERIAL, "anna"))
    ledger.enter(Answer(request(2), SERIAL.lower(), "boris"))

    with pytest.raises(TooManyAnswers) as caught:
        ledger.check(Answer(request(3), SERIAL, "clara"))
    with pytest.raises(TooManyAnswers):
        ledger.enter(Answer(request(3), SERIAL, "clara"))

    assert caught.value.facts == {"number": 2, "whom": SERIAL}
    for spelled in ("0B53-0014-3559-6976", "B53001435596976", "0b53.0014:3559/6976"):
        with pytest.raises(TooManyAnswers):
            ledger.check(Answer(request(3), spelled, "clara"))
    ledger.enter(Answer(request(3), "another", "anna"))
    later = time.time() + DAY + 1
    monkeypatch.setattr(time, "time", lambda: later)
    ledger.enter(Answer(request(4), SERIAL, "clara"))


def test_one_operator_gives_so_many_answers_a_day(file: Path) -> None:
    ledger = Ledger(file, Limits(per_serial=None, per_operator=2))
    for number in range(2):
        ledger.enter(Answer(request(number), SERIAL, "anna"))

    with pytest.raises(TooManyAnswers) as caught:
        ledger.check(Answer(request(3), "another", "anna"))

    assert caught.value.facts["whom"] == "anna"
    ledger.enter(Answer(request(3), SERIAL, "boris"))


def test_who_an_operator_is_said_to_be_is_a_note(file: Path) -> None:
    ledger = Ledger(file, Limits(per_operator=1))
    ledger.enter(Answer(REQUEST, SERIAL, "anna", operator="Anna"))

    with pytest.raises(TooManyAnswers) as caught:
        ledger.enter(Answer(request(1), "another", "anna", operator="Boris"))

    assert caught.value.facts["whom"] == "anna"


def test_one_key_gives_so_many_answers_a_day(file: Path) -> None:
    ledger = Ledger(file, Limits(per_key=2))
    for number in range(2):
        ledger.enter(Answer(request(number), f"S{number}", "anna", key="k1"))

    with pytest.raises(TooManyAnswers, match="this administrator key"):
        ledger.check(Answer(request(3), "S3", "anna", key="k1"))
    ledger.check(Answer(request(3), "S3", "anna", key="k2"))
    ledger.check(Answer(request(3), "S3", "anna"))


def test_a_ledger_of_an_earlier_version_still_counts(file: Path) -> None:
    file.parent.mkdir()
    with sqlite3.connect(file) as database:
        database.execute(
            "CREATE TABLE answered (request TEXT PRIMARY KEY, serial TEXT NOT NULL COLLATE NOCASE,"
            " operator TEXT NOT NULL, time INTEGER NOT NULL)"
        )
        mark = sha256(REQUEST).hexdigest()
        database.execute(
            "INSERT INTO answered VALUES (?, ?, 'anna', ?)", (mark, SERIAL, int(time.time()))
        )
    database.close()

    ledger = Ledger(file, Limits(per_operator=1))
    with pytest.raises(RequestAnswered):
        ledger.check(Answer(REQUEST, SERIAL, "boris"))
    with pytest.raises(TooManyAnswers):
        ledger.check(Answer(request(1), "another", "anna"))
    ledger.enter(Answer(request(1), SERIAL, "boris"))


def test_what_an_earlier_version_enters_beside_this_one_counts(file: Path) -> None:
    """Its column for the token as it is counted stays empty, until this version looks."""
    ledger = Ledger(file, Limits(per_serial=2))
    ledger.enter(Answer(request(1), SERIAL, "anna"))
    with sqlite3.connect(file) as database:
        database.execute(
            "INSERT INTO answered (request, serial, operator, time, account, key)"
            " VALUES ('theirs', ?, 'boris', ?, 'boris', '')",
            (SERIAL.lower(), int(time.time())),
        )
    database.close()

    with pytest.raises(TooManyAnswers):
        ledger.check(Answer(request(2), SERIAL, "clara"))


def test_a_ledger_of_any_length_is_looked_up_and_never_read_through(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite says itself how it does each statement: none goes through the answers one by one."""
    said: list[str] = []

    class Told(sqlite3.Connection):
        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
            if "answered" in sql and sql.startswith(("SELECT", "UPDATE", "DELETE")):
                said.append(sql)
            return super().execute(sql, parameters)

    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *given, **named: connect(*given, factory=Told, **named)
    )
    limits = Limits(per_serial=1, per_key=1, per_operator=1)
    Ledger(file, limits).enter(Answer(REQUEST, SERIAL, "anna", key="k1"))
    monkeypatch.undo()

    with closing(sqlite3.connect(file)) as database:
        database.create_function("same_token", 1, str)
        plans = {sql: _plan(database, sql) for sql in said}
    assert len(plans) == 5
    assert [plan for plan in plans.values() if "SCAN" in plan] == []


def _plan(database: sqlite3.Connection, sql: str) -> str:
    rows = database.execute(f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?"))
    return "; ".join(row[3] for row in rows)


def test_the_salt_of_a_ledger_is_its_own_and_stays(file: Path) -> None:
    assert Ledger(file).salt(b"one") == Ledger(file).salt(b"another") == b"one"


@pytest.mark.parametrize(("ago", "salt"), [(DAY - 60, b"old"), (DAY + 60, b"new")])
def test_a_salt_of_another_kind_is_replaced_once_no_mark_under_it_counts(
    file: Path, monkeypatch: pytest.MonkeyPatch, ago: int, salt: bytes
) -> None:
    ledger = Ledger(file)
    ledger.salt(b"old")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - ago)
    ledger.enter(Answer(request(1), "S1", "anna", key="a mark"))
    monkeypatch.undo()

    assert ledger.salt(b"new", lambda _found, _fresh: False) == salt


def test_a_mark_under_a_salt_that_was_replaced_meanwhile_is_not_entered(file: Path) -> None:
    ledger = Ledger(file)
    salt = ledger.salt(b"old")
    ledger.salt(b"new", lambda _found, _fresh: False)

    with pytest.raises(LedgerUnusable):
        ledger.enter(Answer(request(1), "S1", "anna", key="a mark", salt=salt))
    ledger.check(Answer(request(1), "S1", "anna"))


def test_the_usual_limit_is_five_for_a_token_and_none_for_an_operator(file: Path) -> None:
    ledger = Ledger(file)
    for number in range(30):
        ledger.enter(Answer(request(number), f"S{number // 5}", "anna"))

    with pytest.raises(TooManyAnswers):
        ledger.enter(Answer(request(31), "S1", "anna"))
