"""Whose a file is and stays, and the places where somebody else could put another in its place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

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
