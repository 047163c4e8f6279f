"""What an audit line says, where it lies, and that nothing is begun where it cannot be written."""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lockwright.audit import AuditTrail, verification, verify
from lockwright.audit import trail as trails
from lockwright.errors import AuditBusy, AuditUnwritable, LockwrightError

_WRITER = """
import resource, signal, sys
from pathlib import Path
from lockwright.audit import AuditTrail
limit = int(sys.argv[2])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
AuditTrail(Path(sys.argv[1])).append({"event": "test", "pad": "x" * 3000})
"""


def head_of(file: Path) -> Path:
    return file.with_name("audit.jsonl.head")


def lines_of(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines(keepends=True)


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


@pytest.mark.parametrize("number", [2**53, -(10**30), float("nan"), float("-inf")])
def test_a_number_that_json_has_not_exactly_is_recorded_as_text(
    number: float, file: Path, trail: AuditTrail
) -> None:
    trail.append({"event": "test", "asked": number, "near": [2**53 - 1, 0.5, True]})

    [record] = map(json.loads, lines_of(file))
    assert (record["asked"], record["near"]) == (str(number), [2**53 - 1, 0.5, True])
    assert verify(file).lines == 1


def test_the_disk_has_the_line_before_the_head_names_it(
    five: Path, trail: AuditTrail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power cut the head never names a line that is not on disk."""
    synced: list[tuple[str, int, int]] = []
    fsync = os.fsync

    def watched(fd: int) -> None:
        fsync(fd)
        head = json.loads(head_of(five).read_bytes())["seq"]
        synced.append((Path(f"/proc/self/fd/{fd}").readlink().name, len(lines_of(five)), head))

    monkeypatch.setattr(os, "fsync", watched)
    trail.append({"event": "test"})

    draft = ".audit.jsonl.head.lockwright"
    assert synced == [("audit.jsonl", 6, 5), (draft, 6, 5), ("state", 6, 6)]


# --- what cannot be written ---------------------------------------------------------------------


def refused(trail: AuditTrail) -> LockwrightError:
    with pytest.raises(AuditUnwritable) as caught:
        trail.append({"event": "test"})
    assert caught.value.facts["file"] == str(trail.path)
    return caught.value


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")

    error = refused(AuditTrail(tmp_path / "taken" / "audit.jsonl"))

    assert error.facts["reason"] == "a part of its path is not a folder"


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

    process = subprocess.run(
        [sys.executable, "-c", _WRITER, str(five), str(len(before) + 40)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "AuditUnwritable" in process.stderr
    assert "File too large" in process.stderr
    assert five.read_bytes() == before
    assert verify(five).lines == 5


def test_whoever_holds_the_lock_holds_nobody_up_for_ever(
    five: Path, trail: AuditTrail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever may read the file can take its lock."""
    for module in (trails, verification):
        monkeypatch.setattr(module, "PATIENCE", 0.1)
    with five.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        assert refused(trail).code == "audit-busy"
        with pytest.raises(AuditBusy, match="was locked by another program"):
            verify(five)

    trail.append({"event": "test"})
    assert verify(five).lines == 6
