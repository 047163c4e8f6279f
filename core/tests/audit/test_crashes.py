"""Several processes write one chain, and one that dies in the middle of a line harms nothing."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from lockwright.audit import AuditTrail, verify
from lockwright_testkit.kills.disk import DiskKills

_WRITER = """
import sys
from pathlib import Path
from lockwright.audit import AuditTrail
trail = AuditTrail(Path(sys.argv[1]))
sys.stdin.read(1)
for number in range(int(sys.argv[2])):
    trail.append({"event": "test", "writer": sys.argv[3], "number": number, "pad": "x" * 3000})
"""


def head_of(file: Path) -> Path:
    return file.with_name("audit.jsonl.head")


def lines_of(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines(keepends=True)


def test_a_line_torn_by_a_crash_is_closed_and_reported(five: Path, trail: AuditTrail) -> None:
    with five.open("ab") as end:
        end.write(b'{"event":"intent","fa')
    assert verify(five).torn == (6,)

    trail.append({"event": "test"})

    summary = verify(five)
    assert (summary.lines, summary.torn) == (8, (6,))


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


def test_a_process_killed_at_any_moment_of_the_disk_harms_nothing(
    file: Path, trail: AuditTrail
) -> None:
    file.parent.parent.mkdir(exist_ok=True)
    code = "AuditTrail(Path(file)).append({'event': 'test'})"
    imports = "from pathlib import Path\nfrom lockwright.audit import AuditTrail\n"
    with DiskKills("lockwright.audit.trail", "rfc8785") as kills:
        killed = 0
        for _moment in kills.each(file.parent.parent, imports + code, file=str(file)):
            killed += 1
            trail.append({"event": "after a kill"})
            verify(file)

    assert killed > 8
    assert {path.name for path in file.parent.iterdir()} == {file.name, head_of(file).name}
