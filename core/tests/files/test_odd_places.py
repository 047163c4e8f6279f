"""Places for a file that nobody thinks of: devices, links, long names, closed and busy folders."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest
from lockwright.errors import FileNotWritten
from lockwright.files import durable, new
from lockwright_testkit.accounts import Account

NOBODY = Account(os.geteuid() or 65534)
"""A user without any rights; without root it is who runs the tests."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file"


@pytest.fixture
def nobodys() -> Iterator[Path]:
    """A folder that a user without any rights can be given."""
    folder = Path(mkdtemp())
    folder.chmod(0o755)
    yield folder
    rmtree(folder)


def test_what_is_no_file_is_never_replaced_by_one(tmp_path: Path) -> None:
    """As root a rename would put a file in the place of /dev/null."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    link = tmp_path / "link"
    link.symlink_to(fifo)
    for place in (fifo, link, tmp_path, Path(), Path("/")):
        with pytest.raises(OSError, match="it is not a regular file"):
            durable.replace(place, b"new")
    assert fifo.is_fifo()
    assert link.is_symlink()
    assert {each.name for each in tmp_path.iterdir()} == {"fifo", "link"}


def test_a_link_stays_and_its_file_is_replaced(tmp_path: Path, file: Path) -> None:
    file.write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to("file")
    durable.replace(link, b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


@pytest.mark.parametrize("name", ["a" * 255, "я" * 127, "a" * 244])
def test_a_name_may_be_as_long_as_the_system_takes_it(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    new.check(file)
    durable.create(file, b"new")
    durable.replace(file, b"newer")
    assert durable.found(file)
    assert [each.name for each in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("name", "told"), [("a" * 256, "too long"), ("a\0b", "null"), ("there", "exists already")]
)
def test_a_name_that_no_file_can_get_is_refused_before_the_work(
    tmp_path: Path, name: str, told: str
) -> None:
    (tmp_path / "there").symlink_to("nowhere")
    with pytest.raises(FileNotWritten, match=told):
        new.check(tmp_path / name)


def test_folders_that_are_made_are_their_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        durable.make_folder(tmp_path / "a" / "b" / "c")
    finally:
        os.umask(before)
    made = [tmp_path / "a", tmp_path / "a" / "b", tmp_path / "a" / "b" / "c"]
    assert [each.stat().st_mode & 0o777 for each in made] == [0o700] * 3


def test_a_folder_that_may_be_written_to_and_not_read_takes_a_file(nobodys: Path) -> None:
    box = nobodys / "box"
    box.mkdir()
    if os.geteuid() == 0:
        os.chown(box, NOBODY.uid, -1)
    box.chmod(0o300)
    try:
        assert NOBODY.does(lambda: durable.create(box / "file", b"new")) == "None"
        assert NOBODY.does(lambda: durable.replace(box / "file", b"newer")) == "None"
    finally:
        box.chmod(0o700)
    assert (box / "file").read_bytes() == b"newer"


def test_somebody_who_holds_the_lock_of_a_folder_holds_nobody_up_for_ever(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever may read a shared folder can take its lock."""
    monkeypatch.setattr(durable, "_PATIENCE", 0.2)
    fd = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        begun = time.monotonic()
        durable.replace(file, b"new")
        assert time.monotonic() - begun >= 0.2
    finally:
        os.close(fd)
    assert file.read_bytes() == b"new"


def test_a_file_system_that_locks_no_folder_takes_a_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NFS wants a file opened for writing for an exclusive lock, which no folder ever is."""

    def refuses(fd: int, how: int) -> None:
        raise OSError(errno.EBADF, "Bad file descriptor")

    monkeypatch.setattr(fcntl, "flock", refuses)
    durable.replace(file, b"new")
    assert file.read_bytes() == b"new"
