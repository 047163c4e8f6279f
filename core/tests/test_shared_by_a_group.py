"""Two operators, each with an account of their own, share an audit file and a ledger."""

from __future__ import annotations

import grp
import os
import pwd
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest
from lockwright.audit import AuditTrail, verify
from lockwright.errors import AuditUnreadable
from lockwright.ledger import Answer, Ledger, Limits
from lockwright_testkit.accounts import Account, can_change

HELP_DESK = 60100
ANNA, BORIS = Account(60101, (HELP_DESK,)), Account(60102, (HELP_DESK,))
STRANGER = Account(60103)
REQUEST = bytes(8)
IMPORTED_LATE = (grp, pwd, sqlite3)
"""Of Python itself, which these accounts may not be able to read."""

pytestmark = can_change


@pytest.fixture
def folder() -> Iterator[Path]:
    """As the how-to has it made: ``install -d -g helpdesk -m 2770``."""
    made = Path(mkdtemp())
    made.chmod(0o755)
    shared = made / "lockwright"
    shared.mkdir()
    os.chown(shared, 0, HELP_DESK)
    shared.chmod(0o2770)
    AuditTrail(made / "imports.jsonl").append({"event": "what is imported late is there by now"})
    yield shared
    rmtree(made)


@pytest.fixture
def file(folder: Path) -> Path:
    return folder / "audit.jsonl"


def head_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.head")


def record(file: Path) -> None:
    AuditTrail(file).append({"event": "test"})


def rights(file: Path) -> tuple[int, int]:
    return file.stat().st_gid, file.stat().st_mode & 0o777


def test_operators_record_in_turn_and_the_trail_stays_intact(file: Path) -> None:
    for operator in (ANNA, BORIS, BORIS, ANNA):
        assert operator.does(lambda: record(file)) == "None"

    assert ANNA.does(lambda: verify(file).lines) == "4"
    assert BORIS.does(lambda: verify(file).lines) == "4"
    assert [rights(each) for each in (file, head_of(file))] == [(HELP_DESK, 0o660)] * 2


def test_a_file_that_was_made_for_the_group_beforehand_is_shared_without_the_folder_s_mark(
    folder: Path, file: Path
) -> None:
    folder.chmod(0o770)
    file.touch()
    os.chown(file, 0, HELP_DESK)
    file.chmod(0o660)
    for operator in (ANNA, BORIS, ANNA):
        assert operator.does(lambda: record(file)) == "None"

    assert BORIS.does(lambda: verify(file).lines) == "3"
    assert rights(head_of(file)) == (HELP_DESK, 0o660)


def test_a_trail_that_is_moved_away_is_begun_anew_for_all(file: Path) -> None:
    assert ANNA.does(lambda: record(file)) == "None"
    file.unlink()
    head_of(file).unlink()

    assert BORIS.does(lambda: record(file)) == "None"
    assert ANNA.does(lambda: record(file)) == "None"
    assert ANNA.does(lambda: verify(file).lines) == "2"


def test_root_takes_no_trail_from_its_owner(file: Path) -> None:
    own = file.parent / "own"
    own.mkdir()
    os.chown(own, ANNA.uid, ANNA.uid)
    file = own / "audit.jsonl"
    assert ANNA.does(lambda: record(file)) == "None"
    record(file)

    assert ANNA.does(lambda: record(file)) == "None"
    assert ANNA.does(lambda: verify(file).lines) == "3"
    assert head_of(file).stat().st_uid == ANNA.uid


def test_a_head_that_may_not_be_read_is_no_sign_of_tampering(file: Path) -> None:
    """So an earlier version left it, and it called the second operator's lines tampering."""
    for _time in range(2):
        ANNA.does(lambda: record(file))
    head_of(file).chmod(0o600)

    told = BORIS.does(lambda: verify(file))
    assert told.startswith("AuditUnreadable: ")
    assert f"{head_of(file)} cannot be read: permission denied" in told
    told = BORIS.does(lambda: record(file))
    assert told.startswith("AuditUnwritable: ")
    assert f"its head {head_of(file)} cannot be read: permission denied" in told

    assert ANNA.does(lambda: record(file)) == "None"
    assert BORIS.does(lambda: verify(file).lines) == "3"


def test_who_is_not_of_the_group_reads_and_writes_nothing(file: Path) -> None:
    ANNA.does(lambda: record(file))

    assert STRANGER.does(lambda: verify(file)).startswith(AuditUnreadable.__name__)
    assert "permission denied" in STRANGER.does(lambda: record(file))


def test_the_group_of_a_head_that_cannot_be_kept_ends_it(folder: Path, file: Path) -> None:
    """Otherwise who shares it would be shut out, and another group let in."""
    ANNA.does(lambda: record(file))
    auditors = 60104
    os.chown(file, ANNA.uid, auditors)
    folder.chmod(0o770)

    told = ANNA.does(lambda: record(file))
    assert "its group cannot be kept" in told
    assert verify(file).lines == 1


def test_operators_share_a_ledger_and_its_limits(folder: Path) -> None:
    ledger = Ledger(folder / "answered.db", Limits(per_serial=2))
    for number, operator in enumerate((ANNA, BORIS)):
        answer = Answer(number.to_bytes(8, "big"), "S1", "a")
        assert operator.does(partial(ledger.enter, answer)) == "None"

    assert BORIS.does(lambda: ledger.check(Answer(REQUEST, "S1", "a"))).startswith(
        "RequestAnswered"
    )
    assert ANNA.does(lambda: ledger.check(Answer(b"third", "S1", "a"))).startswith("TooManyAnswers")
    assert rights(ledger.path) == (HELP_DESK, 0o660)
    assert STRANGER.does(lambda: ledger.check(Answer(REQUEST, "S1", "a"))).startswith(
        "LedgerUnusable"
    )


def test_what_one_operator_s_crash_left_of_the_ledger_s_journal_is_the_other_s_to_undo(
    folder: Path,
) -> None:
    ledger = Ledger(folder / "answered.db")
    ANNA.does(lambda: ledger.enter(Answer(REQUEST, "S1", "a")))

    def die() -> None:
        with ledger._transaction() as database:
            database.execute("UPDATE answered SET serial = 'lost'")
            os._exit(1)

    ANNA.does(die)
    assert BORIS.does(lambda: ledger.check(Answer(REQUEST, "S1", "a"))).startswith(
        "RequestAnswered"
    )
