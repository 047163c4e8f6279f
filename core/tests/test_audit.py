"""The audit file: what it says, that it is there in time, and that tampering shows."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lockwright.audit import AuditTrail, verify
from lockwright.errors import AuditBroken, AuditUnwritable, LockwrightError

Lines = list[bytes]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "audit.jsonl"


@pytest.fixture
def trail(file: Path) -> AuditTrail:
    return AuditTrail(file)


@pytest.fixture
def five(trail: AuditTrail, file: Path) -> Path:
    """A file with five lines."""
    for number in range(5):
        trail.append({"event": "test", "number": number})
    return file


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


# --- what is written ----------------------------------------------------------------------------


def test_a_line_is_canonical_json_and_names_the_line_before(five: Path) -> None:
    lines = lines_of(five)
    records = [json.loads(line) for line in lines]

    assert [rfc8785.dumps(record) + b"\n" for record in records] == lines
    assert [record["seq"] for record in records] == [1, 2, 3, 4, 5]
    assert records[0]["previous"] == "0" * 64
    openssl = subprocess.run(
        ["openssl", "dgst", "-sha256", "-r"], input=lines[3][:-1], capture_output=True, check=True
    )
    assert openssl.stdout.decode().startswith(records[4]["previous"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", records[0]["time"])


def test_a_whole_file_passes(five: Path) -> None:
    summary = verify(five)

    assert (summary.lines, summary.operations, summary.unfinished) == (5, 0, ())
    assert summary.torn == ()
    assert summary.first == json.loads(lines_of(five)[0])["time"]
    assert summary.last == json.loads(lines_of(five)[4])["time"]


def test_file_and_folder_are_their_owner_s_alone(five: Path) -> None:
    assert [path.stat().st_mode & 0o777 for path in (five.parent, five, head_of(five))] == [
        0o700,
        0o600,
        0o600,
    ]


def test_a_file_that_others_were_given_to_read_keeps_its_rights(
    five: Path, trail: AuditTrail
) -> None:
    five.chmod(0o640)

    trail.append({"event": "test"})

    assert five.stat().st_mode & 0o777 == 0o640


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(label=st.text(st.characters(exclude_categories=[])))
def test_any_text_of_a_token_can_be_recorded(label: str, file: Path, trail: AuditTrail) -> None:
    trail.append({"event": "test", "label": label, label: [label]})

    verify(file)


# --- tampering ----------------------------------------------------------------------------------


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
        (lambda lines: [*lines[:3], b"{}\n", *lines[3:]], 4, "it is no record"),
        (lambda lines: [*lines, b"garbage\n"], 6, "it is no record"),
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

    assert broken(five) == (5, "the head file is gone, so records may be missing after it")

    trail.append({"event": "test"})

    assert broken(five) == (6, "the head file was gone, so records may be missing before it")


def test_a_file_taken_away_is_missed(five: Path) -> None:
    five.unlink()

    line, reason = broken(five)

    assert (line, reason) == (0, "No such file or directory")


def test_an_outcome_that_nothing_led_to_is_refused(file: Path, trail: AuditTrail) -> None:
    trail.append({"event": "outcome", "id": "a"})

    assert broken(file) == (1, "it is an outcome without its intent")


# --- crashes ------------------------------------------------------------------------------------


def test_a_line_torn_by_a_crash_is_closed_and_reported(five: Path, trail: AuditTrail) -> None:
    with five.open("ab") as end:
        end.write(b'{"event":"intent","fa')
    assert verify(five).torn == (6,)

    trail.append({"event": "test"})

    summary = verify(five)
    assert (summary.lines, summary.torn) == (8, (6,))


def test_the_record_of_a_torn_line_holds_its_hash(five: Path, trail: AuditTrail) -> None:
    with five.open("ab") as end:
        end.write(b'{"event":"intent","fa')
    trail.append({"event": "test"})

    five.write_bytes(five.read_bytes().replace(b'"intent","fa\n', b'"intent","xx\n'))

    assert broken(five) == (6, "it is no record")


def test_two_crashes_in_a_row_are_closed_together(five: Path, trail: AuditTrail) -> None:
    with five.open("ab") as end:
        end.write(b'{"event":"in\n{"event":"to')

    trail.append({"event": "test"})

    assert verify(five).torn == (6, 7)


def test_a_line_that_lacks_only_its_line_feed_counts(five: Path, trail: AuditTrail) -> None:
    five.write_bytes(five.read_bytes()[:-1])
    assert verify(five).torn == ()

    trail.append({"event": "test"})

    summary = verify(five)
    assert (summary.lines, summary.torn) == (6, ())


def test_a_crash_between_line_and_head_is_no_tampering(five: Path, trail: AuditTrail) -> None:
    before = head_of(five).read_bytes()
    trail.append({"event": "test"})
    head_of(five).write_bytes(before)
    assert verify(five).lines == 6

    trail.append({"event": "test"})

    assert verify(five).lines == 7


def test_a_torn_line_longer_than_the_tail_that_is_read_is_closed(
    five: Path, trail: AuditTrail
) -> None:
    with five.open("ab") as end:
        end.write(b"x" * 100_000)

    trail.append({"event": "test"})

    assert verify(five).torn == (6,)


_WRITER = """
import sys
from pathlib import Path
from lockwright.audit import AuditTrail
trail = AuditTrail(Path(sys.argv[1]))
sys.stdin.read(1)
for number in range(int(sys.argv[2])):
    trail.append({"event": "test", "writer": sys.argv[3], "number": number, "pad": "x" * 3000})
"""


def writer(file: Path, count: int, name: str) -> subprocess.Popen[bytes]:
    """A process that begins to write when it is sent a character."""
    command = [sys.executable, "-c", _WRITER, str(file), str(count), name]
    return subprocess.Popen(command, stdin=subprocess.PIPE)


def begin(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.write(b"!")
    process.stdin.close()


def test_four_processes_write_one_chain(file: Path) -> None:
    writers = [writer(file, 50, name) for name in "abcd"]

    for process in writers:
        begin(process)
    assert [process.wait() for process in writers] == [0, 0, 0, 0]

    assert verify(file).lines == 200
    told = [(record["writer"], record["number"]) for record in map(json.loads, lines_of(file))]
    assert sorted(told) == [(name, number) for name in "abcd" for number in range(50)]


def test_a_process_killed_while_writing_harms_nothing(file: Path, trail: AuditTrail) -> None:
    for _ in range(4):
        process = writer(file, 10_000, "killed")
        begin(process)
        size = file.stat().st_size if file.exists() else 0
        while process.poll() is None and (not file.exists() or file.stat().st_size < size + 20_000):
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL

        trail.append({"event": "test"})
        verify(file)


# --- what cannot be written ---------------------------------------------------------------------


def refused(trail: AuditTrail) -> LockwrightError:
    with pytest.raises(AuditUnwritable) as caught:
        trail.append({"event": "test"})
    assert caught.value.facts["file"] == str(trail.path)
    return caught.value


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")

    error = refused(AuditTrail(tmp_path / "taken" / "audit.jsonl"))

    assert error.facts["reason"] == "Not a directory"


def test_a_folder_that_cannot_be_written_is_refused() -> None:
    refused(AuditTrail(Path("/proc/audit.jsonl")))


@pytest.mark.parametrize("kind", ["device", "fifo", "folder"])
def test_what_keeps_nothing_is_no_audit_file(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "audit.jsonl"
    if kind == "device":
        place.symlink_to("/dev/null")
    elif kind == "fifo":
        os.mkfifo(place)
    else:
        place.mkdir()

    refused(AuditTrail(place))


def test_a_full_disk_is_refused_and_leaves_no_half_line(five: Path) -> None:
    """A limit on the size of files stands for the full disk: the write ends in the middle."""
    before = five.read_bytes()
    limited = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({len(before) + 40}, {len(before) + 40}))\n"
        + _WRITER
    )

    process = subprocess.run(
        [sys.executable, "-c", limited, str(five), "1", "limited"],
        input="!",
        capture_output=True,
        text=True,
        check=False,
    )

    assert "AuditUnwritable" in process.stderr
    assert "File too large" in process.stderr
    assert five.read_bytes() == before
    assert verify(five).lines == 5


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
