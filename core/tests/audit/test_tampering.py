"""Whatever is changed, dropped, moved or added in an audit file is found, and named by its line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import rfc8785
from lockwright.audit import AuditTrail, verify
from lockwright.errors import AuditBroken, AuditUnreadable

Lines = list[bytes]


def head_of(file: Path) -> Path:
    return file.with_name("audit.jsonl.head")


def lines_of(file: Path) -> Lines:
    return file.read_bytes().splitlines(keepends=True)


def broken(file: Path) -> tuple[int, str]:
    """Line and reason that the check gives."""
    with pytest.raises(AuditBroken) as caught:
        verify(file)
    facts = caught.value.facts
    assert facts["file"] == str(file)
    assert isinstance(facts["line"], int)
    return facts["line"], str(facts["reason"])


def change(lines: Lines, index: int) -> Lines:
    record = json.loads(lines[index])
    changed = rfc8785.dumps({**record, "number": 99}) + b"\n"
    return [*lines[:index], changed, *lines[index + 1 :]]


@pytest.mark.parametrize(
    ("tamper", "line", "reason"),
    [
        (lambda lines: change(lines, 0), 1, "it was changed"),
        (lambda lines: change(lines, 2), 3, "it was changed"),
        (lambda lines: change(lines, 4), 5, "it was changed"),
        (lambda lines: lines[1:], 1, "records 1 to 1 are missing before it"),
        (lambda lines: [*lines[:1], *lines[3:]], 2, "records 2 to 3 are missing before it"),
        (lambda lines: lines[:-1], 4, "records 5 to 5 are missing after it"),
        (lambda lines: lines[:2], 2, "records 3 to 5 are missing after it"),
        (lambda _lines: [], 0, "records 1 to 5 are missing after it"),
        (
            lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
            2,
            "records 2 to 2 are missing before it",
        ),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], 4, "record 3 stands where 4 belongs"),
        (lambda lines: [*lines[:3], b"{}\n", *lines[3:]], 4, "it is not a record"),
        (lambda lines: [*lines, b"garbage\n"], 6, "it is not a record"),
        (
            lambda lines: [*lines[:3], lines[3].replace(b":", b": ", 1), lines[4]],
            4,
            "it is not in canonical form",
        ),
        (
            lambda lines: [*lines[:3], lines[3].replace(b"{", b'{"a":1e999,', 1), lines[4]],
            4,
            "it is not in canonical form",
        ),
        (lambda lines: [*lines[:4], lines[4][:-9]], 5, "records 5 to 5 are missing after it"),
    ],
    ids=[
        "first changed", "middle changed", "last changed", "first dropped", "middle dropped",
        "last dropped", "tail dropped", "emptied", "swapped", "doubled", "inserted", "added",
        "spaced", "infinite", "cut",
    ],
)  # fmt: skip
def test_tampering_is_named_by_its_line(
    five: Path, tamper: Callable[[Lines], Lines], line: int, reason: str
) -> None:
    five.write_bytes(b"".join(tamper(lines_of(five))))

    assert broken(five) == (line, reason)


@pytest.mark.parametrize("kept", [0, 2, 4])
def test_lines_cut_off_stay_missing_when_work_goes_on(
    five: Path, trail: AuditTrail, kept: int
) -> None:
    five.write_bytes(b"".join(lines_of(five)[:kept]))

    trail.append({"event": "test"})
    trail.append({"event": "test"})

    assert broken(five) == (kept + 1, f"records {kept + 1} to 5 are missing before it")


def test_a_changed_last_line_stays_changed_when_work_goes_on(five: Path, trail: AuditTrail) -> None:
    five.write_bytes(b"".join(change(lines_of(five), 4)))

    trail.append({"event": "test"})

    assert broken(five) == (5, "it was changed")


def test_a_head_taken_away_is_missed_at_once_and_for_ever(five: Path, trail: AuditTrail) -> None:
    head_of(five).unlink()

    assert broken(five) == (
        5,
        "the head file is gone or damaged, so records may be missing after it",
    )

    trail.append({"event": "test"})

    assert broken(five) == (
        6,
        "the head file was gone or damaged, so records may be missing before it",
    )


def test_a_file_taken_away_is_missed(five: Path) -> None:
    five.unlink()

    line, reason = broken(five)

    assert (line, reason) == (0, "records 1 to 5 are missing after it")


def test_a_file_that_was_never_written_is_no_broken_one(file: Path) -> None:
    with pytest.raises(AuditUnreadable, match="no such file"):
        verify(file)


def test_an_outcome_that_nothing_led_to_is_refused(file: Path, trail: AuditTrail) -> None:
    trail.append({"event": "outcome", "id": "a"})

    assert broken(file) == (1, "it is an outcome without its intent")


def test_a_file_moved_away_is_begun_anew_and_says_where_it_goes_on(
    five: Path, trail: AuditTrail
) -> None:
    five.rename(five.with_name("archive.jsonl"))
    trail.append({"event": "test"})
    assert broken(five) == (1, "records 1 to 5 are missing before it")

    five.unlink()
    head_of(five).unlink()
    trail.append({"event": "test"})

    assert verify(five).lines == 1


def test_the_record_of_a_torn_line_holds_its_hash(five: Path, trail: AuditTrail) -> None:
    with five.open("ab") as end:
        end.write(b'{"event":"intent","fa')
    trail.append({"event": "test"})

    five.write_bytes(five.read_bytes().replace(b'"intent","fa\n', b'"intent","xx\n'))

    assert broken(five) == (6, "it is not a record")


def test_a_head_that_is_none_any_more_is_missed_like_one_that_is_gone(
    five: Path, trail: AuditTrail
) -> None:
    head_of(five).write_bytes(b"garbage")

    assert broken(five) == (
        5,
        "the head file is gone or damaged, so records may be missing after it",
    )
