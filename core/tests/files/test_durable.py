"""Files that a crash leaves whole, killed at every moment of their writing."""

from __future__ import annotations

import errno
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lockwright.audit import AuditTrail, verify
from lockwright.errors import AuditUnwritable
from lockwright.files import durable
from lockwright_testkit.kills.disk import DiskKills

OLD, NEW = b"old" * 1000, b"new" * 1000
REPLACE = "durable.replace(Path('file'), new.encode())"
CREATE = "durable.create(Path('file'), new.encode())"
REMOVE = "durable.remove(Path('file'))"
APPEND = """
fd = durable.open_owned(Path('file'), os.O_APPEND)
with durable.appended(fd, new.encode()):
    durable.replace(Path('size'), b'6000')
"""
IMPORTS = "import os\nfrom pathlib import Path\nfrom lockwright.files import durable\n"


@pytest.fixture(scope="module")
def kills() -> Iterator[DiskKills]:
    with DiskKills("lockwright.files.durable") as made:
        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file"


def killed(kills: DiskKills, file: Path, code: str) -> Iterator[int]:
    """Right after each kill, before the next."""
    return kills.each(file.parent, IMPORTS + code, new=NEW.decode())


def left(file: Path) -> set[str]:
    return {path.name for path in file.parent.iterdir()}


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


# --- crashes ------------------------------------------------------------------------------------


def test_a_file_that_is_replaced_is_the_old_or_the_new_one(kills: DiskKills, file: Path) -> None:
    file.write_bytes(OLD)
    seen = []
    for _kill in killed(kills, file, REPLACE):
        seen.append(file.read_bytes())
        file.write_bytes(OLD)

    assert set(seen) == {OLD, NEW}
    assert len(seen) >= 5
    assert (file.read_bytes(), left(file)) == (NEW, {"file"})


def test_a_file_that_is_made_is_whole_or_not_there(kills: DiskKills, file: Path) -> None:
    seen = []
    for _kill in killed(kills, file, CREATE):
        seen.append(file.read_bytes() if file.exists() else b"")
        durable.remove(file)
        assert left(file) == set()

    assert set(seen) == {b"", NEW}
    assert len(seen) >= 6
    assert (file.read_bytes(), left(file)) == (NEW, {"file"})


def test_what_a_crash_left_of_a_draft_is_gone_once_the_file_is_looked_for(
    kills: DiskKills, file: Path
) -> None:
    drafts = 0
    for _kill in killed(kills, file, CREATE):
        drafts += len(left(file) - {"file"})
        assert durable.found(file) == file.exists()
        assert left(file) <= {"file"}
        file.unlink(missing_ok=True)

    assert drafts > 1


def test_a_file_that_is_removed_is_whole_or_gone(kills: DiskKills, file: Path) -> None:
    file.write_bytes(OLD)
    for _kill in killed(kills, file, REMOVE):
        assert not file.exists() or file.read_bytes() == OLD
        file.write_bytes(OLD)

    assert left(file) == set()


def test_what_is_appended_comes_after_what_was_there(kills: DiskKills, file: Path) -> None:
    """A crash may leave a part, behind all that was there; only a whole one is counted."""
    size = file.with_name("size")
    for _kill in killed(kills, file, APPEND):
        found = file.read_bytes() if file.exists() else OLD
        assert found.startswith(OLD)
        assert (OLD + NEW).startswith(found)
        assert not size.exists() or found == OLD + NEW
        file.write_bytes(OLD)
        size.unlink(missing_ok=True)

    assert (file.read_bytes(), left(file)) == (OLD + NEW, {"file", "size"})


# --- refusals -----------------------------------------------------------------------------------


def test_a_file_that_is_there_is_not_written_over(file: Path) -> None:
    file.write_bytes(OLD)

    with pytest.raises(FileExistsError):
        durable.create(file, NEW)

    assert (file.read_bytes(), left(file)) == (OLD, {"file"})


@pytest.mark.parametrize("code", [REPLACE, CREATE, APPEND])
def test_a_disk_that_is_full_leaves_what_was_there(file: Path, code: str) -> None:
    """The system takes the first half of what is written, as of a disk with that much room."""
    if code != CREATE:
        file.write_bytes(OLD)
    room = len(OLD) + len(NEW) // 2 if code == APPEND else len(NEW) // 2

    ended = subprocess.run(
        [sys.executable, "-c", f"new = '{NEW.decode()}'\n{IMPORTS}{code}"],
        cwd=file.parent,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
        capture_output=True,
        text=True,
        check=False,
    )

    assert f"[Errno {errno.EFBIG}]" in ended.stderr
    assert left(file) == (set() if code == CREATE else {"file"})
    assert code == CREATE or file.read_bytes() == OLD


def test_a_draft_that_somebody_put_there_is_not_written_into(file: Path) -> None:
    """In a folder that others write to, it might be a link to a file of the user's own."""
    precious = file.with_name("precious")
    precious.write_bytes(OLD)
    file.with_name(".file.lockwright").symlink_to(precious)

    durable.replace(file, NEW)

    assert precious.read_bytes() == OLD
    assert (file.read_bytes(), file.is_symlink()) == (NEW, False)


def test_a_file_system_without_links_takes_a_new_file_and_spares_an_old_one(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_given: object, **_named: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuses)
    durable.create(file, OLD)
    assert (file.read_bytes(), mode(file), left(file)) == (OLD, 0o600, {"file"})

    with pytest.raises(FileExistsError):
        durable.create(file, NEW)
    assert (file.read_bytes(), left(file)) == (OLD, {"file"})


# --- modes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
@pytest.mark.parametrize("wanted", [durable.OWNER_ONLY, durable.READABLE])
def test_a_file_has_the_mode_it_is_written_with(file: Path, umask: int, wanted: int) -> None:
    before = os.umask(umask)
    try:
        durable.create(file, OLD, wanted)
        assert mode(file) == wanted
        file.chmod(0o666)
        durable.replace(file, NEW, wanted)
        assert mode(file) == wanted
    finally:
        os.umask(before)


def test_an_open_file_and_its_folder_are_their_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "made" / "file"
    for _time in range(2):
        fd = durable.open_owned(file)
        os.close(fd)

    assert (mode(file), mode(file.parent)) == (0o600, 0o700)


WRITES_OFTEN = """
import sys
from pathlib import Path
from lockwright.files import durable
for number in range(200):
    durable.replace(Path(sys.argv[1]), sys.argv[2].encode() * 50_000)
"""


def test_two_programs_that_write_one_file_leave_it_whole(tmp_path: Path) -> None:
    file = tmp_path / "anchors.pem"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITES_OFTEN, file, letter]) for letter in "ab"
    ]
    while any(writer.poll() is None for writer in writers):
        if file.exists():
            assert file.read_bytes() in {b"a" * 50_000, b"b" * 50_000}
    assert [writer.wait() for writer in writers] == [0, 0]
    assert [each.name for each in tmp_path.iterdir()] == ["anchors.pem"]


@pytest.mark.parametrize("number", [errno.EINVAL, errno.EIO])
def test_a_folder_that_cannot_be_synced_does_not_undo_what_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    file, real = tmp_path / "head", os.fsync
    durable.replace(file, b"old")

    def refuse(fd: int) -> None:
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            raise OSError(number, os.strerror(number))
        real(fd)

    monkeypatch.setattr(os, "fsync", refuse)
    if number == errno.EIO:
        with pytest.raises(durable.Unsynced):
            durable.replace(file, b"new")
    else:
        durable.replace(file, b"new")
    assert file.read_bytes() == b"new"


def test_an_audit_line_stays_when_only_its_folder_is_not_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A head that names a line which was taken back would read as tampering."""
    trail = AuditTrail(tmp_path / "audit.jsonl")
    trail.append({"event": "first"})
    monkeypatch.setattr(durable, "sync", _fails)
    with pytest.raises(AuditUnwritable):
        trail.append({"event": "second"})
    monkeypatch.undo()
    trail.append({"event": "third"})
    assert verify(tmp_path / "audit.jsonl").lines == 3


def _fails(folder: Path) -> None:
    raise durable.Unsynced(errno.EIO, os.strerror(errno.EIO), str(folder))
