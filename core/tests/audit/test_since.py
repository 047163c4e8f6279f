"""An audit file checked behind a line that is known from elsewhere, as an anchor names it."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import rfc8785
from lockwright.audit import AuditTrail, verify, verify_since
from lockwright.audit.lines import count_before, find
from lockwright.audit.records import Head
from lockwright.errors import AuditBroken

Lines = list[bytes]


def lines_of(file: Path) -> Lines:
    return file.read_bytes().splitlines(keepends=True)


def third(file: Path) -> Head:
    """The line in the middle, as it was anchored."""
    return Head(3, hashlib.sha256(lines_of(file)[2].rstrip(b"\n")).hexdigest())


def changed(line: bytes) -> bytes:
    return rfc8785.dumps({**json.loads(line), "number": 99}) + b"\n"


def broken(file: Path, since: Head) -> tuple[int, str]:
    """Line and reason that the check gives."""
    with pytest.raises(AuditBroken) as caught:
        verify_since(file, since)
    facts = caught.value.facts
    return int(str(facts["line"])), str(facts["reason"])


def test_only_what_is_behind_the_line_is_checked(five: Path) -> None:
    since = third(five)
    lines = lines_of(five)
    five.write_bytes(b"".join([changed(lines[0]), *lines[1:]]))

    assert verify_since(five, since).lines == 2
    with pytest.raises(AuditBroken):
        verify(five)


@pytest.mark.parametrize(
    ("tamper", "line", "reason"),
    [
        (lambda lines: [*lines[:2], changed(lines[2]), *lines[3:]], 3, "the one that was anchored"),
        (lambda lines: [*lines[:3], changed(lines[3]), lines[4]], 4, "it was changed"),
        (lambda lines: [*lines[:3], lines[4]], 4, "records 4 to 4 are missing before it"),
        (lambda lines: lines[:4], 4, "records 5 to 5 are missing after it"),
        (lambda lines: lines[:2], 0, "record 3, which was anchored, is not in it"),
        (lambda lines: [*lines[:3], b"{}\n", *lines[3:]], 4, "it is not a record"),
        (lambda lines: [*lines[:4], changed(lines[4])], 5, "it was changed"),
    ],
)
def test_what_is_wrong_behind_it_is_named_by_its_line(
    five: Path, tamper: Callable[[Lines], Lines], line: int, reason: str
) -> None:
    since = third(five)
    five.write_bytes(b"".join(tamper(lines_of(five))))

    found = broken(five, since)

    assert (found[0], reason in found[1]) == (line, True), found


def test_a_head_that_is_older_than_the_anchor_is_not_believed(five: Path) -> None:
    since = third(five)
    head = five.with_name("audit.jsonl.head")
    lines = lines_of(five)
    old = {"seq": 2, "hash": hashlib.sha256(lines[1].rstrip(b"\n")).hexdigest()}
    head.write_text(json.dumps(old))
    five.write_bytes(b"".join(lines[:3]))

    assert "the head file is gone or damaged" in broken(five, since)[1]


def test_an_operation_that_began_before_may_end_behind(trail: AuditTrail, file: Path) -> None:
    trail.append({"event": "intent", "id": "a", "hook": "x"})
    trail.append({"event": "intent", "id": "b", "hook": "x"})
    since = Head(2, hashlib.sha256(lines_of(file)[1].rstrip(b"\n")).hexdigest())
    trail.append({"event": "outcome", "id": "a"})

    assert verify_since(file, since).operations == 0


@pytest.mark.parametrize("torn", [b"", b'{"half', b'{"half\n{"seq":"x"}\n'])
def test_every_line_is_found_by_its_number_whatever_lies_between(torn: bytes) -> None:
    made = [rfc8785.dumps({"seq": seq, "text": "x" * (seq * 37 % 200)}) for seq in range(1, 60)]
    between = torn.removesuffix(b"\n") + b"\n" if torn else b""
    file = io.BytesIO(b"".join(line + b"\n" + between for line in made))

    found = [find(file, seq) for seq in range(1, 60)]

    assert [each and each.content for each in found] == made
    assert find(file, 60) is None
    assert find(file, 0) is None
    last = found[-1]
    assert last is not None
    assert count_before(file, last.end) == 59 + 58 * between.count(b"\n")
