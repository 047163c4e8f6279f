"""Who may change a file, or put another in its place: whoever may write to it or to a folder above.

Of a file that decides what is done, such as a module or the configuration, this is asked before it
is used. There is nothing to ask on Windows, whose rights are others.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path

from lockwright.i18n import _
from lockwright.records import dataclass

_MOST_LINKS = 42
"""Links that are followed: as many as Linux follows, and the two ends."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """A file or folder that somebody else may write to."""

    path: Path
    """What it is."""
    mode: str
    """Its permission bits, octal."""
    owner: int
    """The number of its owner."""
    anybody: bool
    """Whether everybody may; otherwise its group may, or it belongs to another user."""
    remedy: str
    """The command that ends it."""


def check(file: Path) -> None:
    """See that not just anybody may change a file or put another in its place.

    Args:
        file: the file, whether it is there or not.

    Raises:
        OSError: anybody may, and the text says where and what ends it.
    """
    for found in exposures(file):
        if found.anybody:
            told = _("anybody may write to {path}; what ends that: {remedy}")
            raise OSError(told.format(path=found.path, remedy=found.remedy))


def exposures(file: Path) -> Iterator[Exposure]:
    """Each part of a file's path that somebody other than root and the user may write to.

    Args:
        file: the file, whether it is there or not; of symbolic links, each that leads to it.
    """
    if os.name != "posix":
        return
    for path in _on_the_way(file):
        try:
            found = _of(path, path.stat())
        except OSError:
            continue
        if found is not None:
            yield found


def _on_the_way(file: Path) -> Iterator[Path]:
    """Every folder and every link that is passed on the way to a file, and the file itself."""
    seen: set[Path] = set()
    waiting = [file.absolute(), Path(os.path.realpath(file))]
    for named in islice(_taken_from(waiting), _MOST_LINKS):
        for path in (named, *named.parents):
            if path in seen:
                continue
            seen.add(path)
            yield path
            with suppress(OSError):  # it is no link
                folder = os.path.realpath(path.parent)
                waiting.append(Path(os.path.normpath(folder / path.readlink())))


def _taken_from(waiting: list[Path]) -> Iterator[Path]:
    while waiting:
        yield waiting.pop(0)


def _of(path: Path, status: os.stat_result) -> Exposure | None:
    """How a part of a path is exposed; the sticky bit keeps what is in a folder its owner's."""
    mode = status.st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return None
    sticky = stat.S_ISDIR(mode) and bool(mode & stat.S_ISVTX)
    anybody = bool(mode & stat.S_IWOTH) and not sticky and not _is_read_only(path)
    if anybody:
        remedy = f"chmod o-w {path}"
    elif status.st_uid not in {os.geteuid(), 0, _systems_owner()}:
        remedy = f"chown root {path}"
    elif mode & stat.S_IWGRP and not sticky and not _is_alone(status.st_gid):
        remedy = f"chmod g-w {path}"
    else:
        return None
    return Exposure(path, f"{stat.S_IMODE(mode):04o}", status.st_uid, anybody, remedy)


def _is_read_only(path: Path) -> bool:
    """Whether nobody writes there at all, as to a volume that a container is given."""
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def _systems_owner() -> int:
    """Who owns the system: root, which in a container without rights has another number."""
    return Path("/").stat().st_uid


@cache
def _is_alone(group: int) -> bool:
    """Whether nobody is in a group but root and the user, as in a user's own."""
    import grp  # noqa: PLC0415  # POSIX only
    import pwd  # noqa: PLC0415  # POSIX only

    trusted = {0, os.geteuid()}
    ours = {each.pw_name for each in pwd.getpwall() if each.pw_uid in trusted}
    try:
        named = set(grp.getgrgid(group).gr_mem)
    except KeyError:
        named = set()
    first = {each.pw_name for each in pwd.getpwall() if each.pw_gid == group}
    return (named | first) <= ours
