"""A project is brought to what the template says now, and what its author changed is kept.

Each file is merged by git from three: as the template gave it last, as it is, and as the template
gives it now. Nothing is written before all are merged.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lockwright_testkit.cli.errors import FolderUnusable, GitNeeded
from lockwright_testkit.cli.project import record
from lockwright_testkit.cli.project.making import write
from lockwright_testkit.cli.project.record import Record

_MOST_CONFLICTS = 127
"""``git merge-file`` ends with their number, or with this where they are more."""


@dataclass
class Update:
    """What becomes of the files of a project."""

    texts: dict[str, str] = field(default_factory=dict)
    """Files to write."""
    gone: list[str] = field(default_factory=list)
    """Files that the template no longer has, and the author never changed."""
    conflicts: list[str] = field(default_factory=list)
    """Files that both changed at one place; both versions stand there, between marks."""
    left: list[str] = field(default_factory=list)
    """Files that the template changed, and the author deleted; or the other way round."""


def update(folder: Path, before: Record, after: Record) -> Update:
    """Bring a project up to date.

    Args:
        folder: the project's.
        before: what it was made from.
        after: what it would be made from now.

    Returns:
        What was done.

    Raises:
        GitNeeded: it is not under git, or has changes that are not committed.
        FolderUnusable: it cannot be read or written, or a link leads out of it; what was written
            is put back.
    """
    _check(folder)
    _stay_inside(folder, {*before.files, *after.files, record.NAME})
    try:
        found = merged(folder, before.files, after.files)
        text = after.text()
        if found.texts or found.gone or _text(folder / record.NAME) != text:
            _put(folder, {**found.texts, record.NAME: text}, found.gone)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "a file is no text"
        raise FolderUnusable(folder=str(folder), reason=reason) from None
    return found


def merged(folder: Path, before: Mapping[str, str], after: Mapping[str, str]) -> Update:
    """Merge every file that the template has changed.

    Args:
        folder: the project's.
        before: the files as the template gave them last.
        after: the files as it gives them now.
    """
    found = Update()
    for name in sorted(before.keys() | after.keys()):
        old, new, mine = before.get(name), after.get(name), _text(folder / name)
        if new in (old, mine):
            continue
        if mine == old:
            if new is None:
                found.gone.append(name)
            else:
                found.texts[name] = new
        elif new is None or mine is None:
            found.left.append(name)
        else:
            found.texts[name], clash = _merged(mine, old or "", new)
            if clash:
                found.conflicts.append(name)
    return found


def _merged(mine: str, old: str, new: str) -> tuple[str, bool]:
    """Three texts made one, and whether they clash."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), {"mine": mine, "old": old, "new": new})
        labels = ("-L", "yours", "-L", "the template before", "-L", "the template now")
        done = subprocess.run(  # its arguments are ours
            [_git(), "merge-file", "--stdout", "--diff3", *labels, "mine", "old", "new"],
            cwd=folder,
            capture_output=True,
            check=False,
        )
    if not 0 <= done.returncode <= _MOST_CONFLICTS:
        raise OSError(0, "git could not merge a file")
    return done.stdout.decode(), done.returncode > 0


def _check(folder: Path) -> None:
    """The project is under git, and all of it is committed."""
    git = shutil.which("git")
    if git is None:
        raise GitNeeded(folder=str(folder), reason="git is not installed")
    done = subprocess.run(  # its arguments are ours
        [git, "status", "--porcelain", "--", "."],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise GitNeeded(folder=str(folder), reason="it is not under git")
    if done.stdout.strip():
        raise GitNeeded(folder=str(folder), reason="it has changes that are not committed")


def _stay_inside(folder: Path, names: Iterable[str]) -> None:
    """No link leads out of the project: what is written there git does not show, nor undo."""
    for name in names:
        if not (folder / name).resolve().is_relative_to(folder.resolve()):
            raise FolderUnusable(folder=str(folder), reason=f"a link leads {name} out of it")


def _git() -> str:
    return shutil.which("git") or "git"


def _text(file: Path) -> str | None:
    """The text of a file; None if there is none."""
    try:
        with file.open(encoding="utf-8", newline="") as opened:
            return opened.read()
    except FileNotFoundError:
        return None


def _put(folder: Path, texts: Mapping[str, str], gone: list[str]) -> None:
    """Write and remove files; all as it was if that fails."""
    before = {name: _text(folder / name) for name in (*texts, *gone)}
    try:
        write(folder, texts)
        for name in gone:
            (folder / name).unlink(missing_ok=True)
    except BaseException:
        for name, text in before.items():
            if text is None:
                (folder / name).unlink(missing_ok=True)
            else:
                write(folder, {name: text})
        raise
