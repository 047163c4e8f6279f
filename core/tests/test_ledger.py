"""Each Request is answered once: between processes, over crashes, and within the bank's limits."""

from __future__ import annotations

import signal
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lockwright import ledger as ledgers
from lockwright.errors import LedgerUnusable, RequestAnswered, TooManyAnswers
from lockwright.ledger import DAY, Ledger, Limits

REQUEST = bytes.fromhex("A892D75601617C5D")
SERIAL = "0B53001435596976"

RACER = """
import sys
from pathlib import Path
from lockwright.errors import RequestAnswered
from lockwright.ledger import Ledger

sys.stdin.readline()
try:
    Ledger(Path(sys.argv[1])).enter(bytes(8), "S1", "anna")
except RequestAnswered:
    print("late")
else:
    print("first")
"""
KILLED_BEFORE = """
import os, signal, sys
from pathlib import Path
from lockwright.ledger import Ledger

with Ledger(Path(sys.argv[1]))._transaction() as database:
    database.execute("INSERT INTO answered VALUES ('half', 'S1', 'anna', 1)")
    os.kill(os.getpid(), signal.SIGKILL)
"""
KILLED_AFTER = """
import os, signal, sys
from pathlib import Path
from lockwright.ledger import Ledger

Ledger(Path(sys.argv[1])).enter(bytes(8), "S1", "anna")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bank" / "answered.db"


def test_a_request_is_answered_once(file: Path) -> None:
    ledger = Ledger(file)
    ledger.check(REQUEST, SERIAL, "anna")
    ledger.enter(REQUEST, SERIAL, "anna")

    for again in (ledger, Ledger(file)):
        with pytest.raises(RequestAnswered):
            again.check(REQUEST, SERIAL, "anna")
        with pytest.raises(RequestAnswered):
            again.enter(REQUEST, SERIAL, "anna")


def test_a_request_is_not_answered_for_another_token_or_by_another_operator(file: Path) -> None:
    ledger = Ledger(file)
    ledger.enter(REQUEST, SERIAL, "anna")

    with pytest.raises(RequestAnswered):
        ledger.check(REQUEST, "0B53001435590000", "boris")
    ledger.check(REQUEST[::-1], SERIAL, "anna")


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
    ledger.enter(REQUEST, SERIAL, "anna")

    with sqlite3.connect(file) as database:
        assert database.execute("SELECT COUNT(*) FROM answered").fetchone() == (1,)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_an_entry_is_there_after_a_crash(file: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED_AFTER, file], check=False)
    assert ended.returncode == -signal.SIGKILL

    with pytest.raises(RequestAnswered):
        Ledger(file).check(bytes(8), "S1", "anna")


def test_only_its_owner_may_read_it_and_no_request_is_in_it(file: Path) -> None:
    Ledger(file).enter(REQUEST, SERIAL, "anna")

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
        Ledger(file).enter(REQUEST, SERIAL, "anna")

    assert caught.value.facts["file"] == str(file)
    assert file.read_bytes() == before


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnusable):
        Ledger(tmp_path).check(REQUEST, SERIAL, "anna")


def test_a_ledger_that_another_process_holds_is_waited_for_and_then_told(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(file)
    ledger.check(REQUEST, SERIAL, "anna")
    monkeypatch.setattr(ledgers, "_PATIENCE", 0.1)
    held = sqlite3.connect(file, isolation_level=None)
    held.execute("BEGIN IMMEDIATE")

    with pytest.raises(LedgerUnusable, match="locked"):
        ledger.enter(REQUEST, SERIAL, "anna")

    held.execute("ROLLBACK")
    held.close()
    ledger.enter(REQUEST, SERIAL, "anna")


# --- limits --------------------------------------------------------------------------------------


def request(number: int) -> bytes:
    return number.to_bytes(8, "big")


def test_one_token_gets_so_many_answers_a_day(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(file, Limits(per_serial=2))
    ledger.enter(request(1), SERIAL, "anna")
    ledger.enter(request(2), SERIAL.lower(), "boris")

    with pytest.raises(TooManyAnswers) as caught:
        ledger.check(request(3), SERIAL, "clara")
    with pytest.raises(TooManyAnswers):
        ledger.enter(request(3), SERIAL, "clara")

    assert caught.value.facts == {"number": 2, "whom": SERIAL}
    ledger.enter(request(3), "another", "anna")
    later = time.time() + DAY + 1
    monkeypatch.setattr(time, "time", lambda: later)
    ledger.enter(request(4), SERIAL, "clara")


def test_one_operator_gives_so_many_answers_a_day(file: Path) -> None:
    ledger = Ledger(file, Limits(per_serial=None, per_operator=2))
    for number in range(2):
        ledger.enter(request(number), SERIAL, "anna")

    with pytest.raises(TooManyAnswers) as caught:
        ledger.check(request(3), "another", "anna")

    assert caught.value.facts["whom"] == "anna"
    ledger.enter(request(3), SERIAL, "boris")


def test_the_usual_limit_is_five_for_a_token_and_none_for_an_operator(file: Path) -> None:
    ledger = Ledger(file)
    for number in range(30):
        ledger.enter(request(number), f"S{number // 5}", "anna")

    with pytest.raises(TooManyAnswers):
        ledger.enter(request(31), "S1", "anna")
