"""Whose a file is and stays, and the places where somebody else could put another in its place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import rmtree, which
from subprocess import run
from tempfile import NamedTemporaryFile, mkdtemp

import pytest
from lockwright.errors import FileNotWritten
from lockwright.files import durable, exposure, new
from lockwright_testkit.accounts import Account, can_change

ANNA, BORIS = Account(60101), Account(60102)
Work = Callable[[Path], object]
WRITES: tuple[Work, ...] = (
    lambda file: durable.create(file, b"new"),
    lambda file: durable.replace(file, b"new"),
    lambda file: os.close(durable.open_owned(file)),
)


def listed(*change: str | Path) -> bool:
    """Change a file's access control list; whether the file system has such lists."""
    done = run(["setfacl", *map(str, change)], check=False, capture_output=True, text=True)
    if done.returncode and "not supported" not in done.stderr:
        raise AssertionError(done.stderr)
    return done.returncode == 0


def access(file: Path) -> list[str]:
    """A file's access control list, a line for each entry."""
    shown = run(["getfacl", "-cEnp", file], capture_output=True, text=True, check=True)
    return shown.stdout.split()


def _has_lists() -> bool:
    with NamedTemporaryFile() as file:
        return bool(which("setfacl")) and listed("-m", "u::rw", file.name)


has_lists = pytest.mark.skipif(not _has_lists(), reason="the file system has no lists")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file"


@pytest.fixture
def common() -> Iterator[Path]:
    """A folder like /tmp."""
    folder = Path(mkdtemp())
    folder.chmod(0o1777)
    yield folder
    rmtree(folder)


@pytest.mark.parametrize("mode", [0o640, 0o660, 0o600, 0o400])
def test_a_file_that_is_replaced_keeps_its_mode(file: Path, mode: int) -> None:
    file.touch()
    file.chmod(mode)

    durable.replace(file, b"new")

    assert file.stat().st_mode & 0o777 == mode


@can_change
def test_a_file_that_root_replaces_keeps_its_owner_and_group(file: Path) -> None:
    file.touch()
    os.chown(file, ANNA.uid, BORIS.uid)

    durable.replace(file, b"new")

    assert (file.stat().st_uid, file.stat().st_gid) == (ANNA.uid, BORIS.uid)


@has_lists
@pytest.mark.parametrize("change", [f"u:{ANNA.uid}:rw", f"g:{ANNA.uid}:r"])
def test_a_file_that_is_replaced_keeps_its_access_control_list(file: Path, change: str) -> None:
    """Its own group may do nothing, though the bits of the group are what the list allows."""
    file.touch()
    file.chmod(0o600)
    listed("-m", change, file)
    before = access(file)
    assert "group::---" in before
    assert file.stat().st_mode & 0o070

    durable.replace(file, b"new")

    assert access(file) == before


@has_lists
def test_a_file_that_is_replaced_gets_no_list_from_its_folder(file: Path) -> None:
    file.touch()
    file.chmod(0o640)
    listed("-d", "-m", f"u:{ANNA.uid}:rw", file.parent)
    before = access(file)

    durable.replace(file, b"new")

    assert access(file) == before
    assert "mask" not in before


@has_lists
def test_a_secret_that_takes_an_open_files_place_takes_no_list(file: Path) -> None:
    file.touch()
    file.chmod(0o644)
    listed("-m", f"u:{ANNA.uid}:r", file)

    durable.replace(file, b"secret")

    assert access(file) == ["user::rw-", "group::---", "other::---"]


@has_lists
@can_change
def test_whom_a_list_names_reads_what_took_the_files_place(common: Path) -> None:
    file = common / "file"
    file.touch()
    file.chmod(0o600)
    listed("-m", f"u:{ANNA.uid}:r", file)

    durable.replace(file, b"new")

    assert ANNA.does(file.read_text) == "new"
    assert BORIS.does(file.read_text).startswith("PermissionError")


@pytest.mark.parametrize("write", WRITES)
def test_where_anybody_could_put_another_file_none_is_written(file: Path, write: Work) -> None:
    file.parent.chmod(0o777)
    try:
        with pytest.raises(OSError, match="anybody may write to"):
            write(file)
        assert list(file.parent.iterdir()) == []
    finally:
        file.parent.chmod(0o700)


def test_it_is_refused_before_the_work_whose_result_it_is_to_hold(file: Path) -> None:
    file.parent.chmod(0o777)
    try:
        with pytest.raises(FileNotWritten, match="anybody may write to its folder"):
            new.check(file)
    finally:
        file.parent.chmod(0o700)


@pytest.mark.parametrize("write", WRITES)
def test_a_folder_like_tmp_takes_a_file(common: Path, write: Work) -> None:
    write(common / "file")

    assert (common / "file").stat().st_mode & 0o777 == 0o600


@can_change
@pytest.mark.parametrize("write", WRITES[1:])
def test_a_link_that_somebody_else_laid_there_is_not_followed(common: Path, write: Work) -> None:
    """The kernel of Linux can be told to see to that; it need not have been."""
    precious = common / "precious"
    precious.write_bytes(b"old")
    link = common / "link"
    link.symlink_to(precious)
    os.lchown(link, ANNA.uid, ANNA.uid)

    with pytest.raises(OSError, match="it belongs to somebody else"):
        write(link)

    assert precious.read_bytes() == b"old"
    assert link.is_symlink()


@can_change
def test_a_draft_that_somebody_else_put_there_is_not_written_into(common: Path) -> None:
    common.chmod(0o1777)
    ANNA.does(lambda: (common / ".file.lockwright").write_bytes(b"hers"))

    told = BORIS.does(lambda: durable.create(common / "file", b"a secret"))

    assert told.startswith("PermissionError")
    assert (common / ".file.lockwright").read_bytes() == b"hers"
    assert not (common / "file").exists()


def test_a_file_that_anybody_may_write_to_is_no_trail(file: Path) -> None:
    file.touch()
    file.chmod(0o666)

    with pytest.raises(OSError, match=r"anybody may write to .* chmod o-w"):
        durable.open_owned(file)


# --- who may change a file that decides -----------------------------------------------------------


def exposed(file: Path) -> list[tuple[Path, bool]]:
    return [(found.path, found.anybody) for found in exposure.exposures(file)]


def test_a_file_of_the_user_s_own_is_not_exposed(file: Path) -> None:
    file.touch()

    assert exposed(file) == []


def test_every_folder_above_counts(file: Path) -> None:
    deep = file / "a" / "b" / "c"
    deep.parent.mkdir(parents=True)
    file.chmod(0o757)

    assert exposed(deep) == [(file, True)]
    with pytest.raises(OSError, match=f"chmod o-w {file}"):
        exposure.check(deep)


def test_both_ends_of_a_link_count(tmp_path: Path) -> None:
    target = tmp_path / "open" / "target"
    target.parent.mkdir()
    target.touch()
    target.parent.chmod(0o777)
    link = tmp_path / "link"
    link.symlink_to(target)

    assert exposed(link) == [(target.parent, True)]


@can_change
def test_each_link_of_a_chain_counts(tmp_path: Path) -> None:
    """Anybody could lay another link in the middle, whatever both ends are like."""
    folders = [tmp_path / name for name in ("own", "open", "system")]
    for folder in folders:
        folder.mkdir()
    first, middle, last = (folder / "module.so" for folder in folders)
    last.touch()
    middle.symlink_to(last)
    first.symlink_to(Path("..") / "open" / "module.so")
    middle.parent.chmod(0o777)

    assert exposed(first) == [(middle.parent, True)]
    with pytest.raises(OSError, match=f"anybody may write to {middle.parent}"):
        exposure.check(first)


def test_links_that_lead_round_in_a_circle_are_looked_at_once(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to(Path("..") / tmp_path.name / "a")
    assert exposed(tmp_path / "a") == []


def test_another_owner_and_a_group_with_others_in_it_count(file: Path) -> None:
    file.touch()
    os.chown(file, ANNA.uid, 0)
    assert exposed(file) == [(file, False)]

    os.chown(file, 0, 1)  # in passwd, as the first group of somebody other than root
    file.chmod(0o660)
    assert exposed(file) == [(file, False)]
    os.chown(file, 0, ANNA.uid)  # nobody is in it
    assert exposed(file) == []
    exposure.check(file)
