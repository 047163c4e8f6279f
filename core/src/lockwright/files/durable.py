"""Files that a crash leaves whole: the old content or the new one, a name or none.

What is written lies in a draft beside its file first, and gets the file's name once the disk has
all of it. What a crash leaves of a draft, ``.NAME.lockwright``, goes when the file is next written
or removed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import takewhile
from pathlib import Path

from lockwright.files import exposure, rights
from lockwright.files.lock import locked_within
from lockwright.files.rights import Rights
from lockwright.i18n import _

OWNER_ONLY, READABLE = rights.OWNER_ONLY, rights.READABLE
_OWNER_ONLY_FOLDER = 0o700
_BINARY = getattr(os, "O_BINARY", 0)

_LONGEST_NAME = 255
"""Bytes of a name, on the file systems there are."""
_PATIENCE = 10.0
"""Seconds to wait for whoever else writes in a folder, or holds its lock for reasons of theirs."""
_NOT_SYNCED = {errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM, errno.EISDIR}
"""How a system says that it does not sync folders."""

Content = bytes | bytearray


class Unsynced(OSError):
    """The file has its new content; whether that outlives a loss of power is not known."""


# --- whole files ----------------------------------------------------------------------------------


def replace(
    file: Path, content: Content, mode: int = OWNER_ONLY, *, like: Path | None = None
) -> None:
    """Write a file as a whole in place of the one before it, whose owner and mode it keeps.

    Args:
        file: the file; a symbolic link stays, and the file that it leads to is replaced.
        content: what is to be in it.
        mode: ``OWNER_ONLY`` or ``READABLE``: the mode of a file that is new; and of one that gave
            the others more than that.
        like: a file whose owner, group and mode it gets instead.

    Raises:
        Unsynced: it is written, and may be lost with the power.
        OSError: it could not be written; the one before it stands. What is no file, such as
            ``/dev/stdout``, is never replaced by one, and none is written where anybody can put
            another in its place.
    """
    real = Path(os.path.realpath(file))
    if real.exists() and not real.is_file():
        raise OSError(_("it is not a regular file"))
    rights.check_place(file)
    wanted = rights.taken_over(real, mode) if like is None else rights.like(like)
    with _drafted(real, content, wanted) as draft:
        draft.replace(real)


def create(file: Path, content: Content, mode: int = OWNER_ONLY) -> None:
    """Write a file as a whole, never in place of another; the arguments are those of ``replace``.

    Raises:
        FileExistsError: there is something of that name; it stays.
        Unsynced: it is written, and may be lost with the power.
        OSError: it could not be written; there is no such file.
    """
    with _drafted(file, content, Rights(mode)) as draft:
        publish(draft, file)
        draft.unlink()


def remove(file: Path) -> None:
    """Remove a file, and what a crash may have left of its draft; nothing if there is none.

    Raises:
        OSError: it cannot be removed.
    """
    file.unlink(missing_ok=True)
    clear(file)
    if file.parent.exists():
        sync(file.parent)


def clear(file: Path) -> None:
    """Remove what a crash may have left of a file's draft, and leave the file.

    Raises:
        OSError: it cannot be removed.
    """
    if _draft_of(file).exists():
        with _alone_in(file.parent):
            _draft_of(file).unlink(missing_ok=True)


def found(file: Path) -> bool:
    """Whether a file is there; what a crash may have left of its draft is not, and goes.

    Raises:
        OSError: it cannot be removed.
    """
    clear(file)
    return file.exists()


# --- folders, and files that grow -----------------------------------------------------------------


def make_folder(folder: Path) -> None:
    """Make a folder for its owner only, and what is missing above it; one that is there stays.

    Raises:
        OSError: it cannot be made.
    """
    missing = list(takewhile(lambda each: not each.exists(), (folder, *folder.parents)))
    for each in reversed(missing):
        with suppress(FileExistsError):
            each.mkdir(mode=_OWNER_ONLY_FOLDER)
    for each in missing:
        sync(each.parent)


def open_owned(file: Path, flags: int = 0) -> int:
    """Open a file to read and write; it and its folder are made for their owner only if need be.

    In a folder that a group shares (``chmod g+ws``) it is made for that group.

    Args:
        file: the file; when this returns, the disk has its name.
        flags: further flags of ``os.open``.

    Raises:
        OSError: it cannot be opened; or anybody may write to it, or put another in its place.
    """
    exposure.check(file)
    make_folder(file.parent)
    for place in {file, Path(os.path.realpath(file))}:
        rights.check_place(place)
    flags |= os.O_RDWR | os.O_CREAT | _BINARY
    try:
        fd = os.open(file, flags | os.O_EXCL, OWNER_ONLY)
    except FileExistsError:
        return os.open(file, flags, OWNER_ONLY)
    try:
        rights.in_folder(file.parent).give(fd, file)
        sync(file.parent)
    except OSError:
        os.close(fd)
        raise
    return fd


@contextmanager
def appended(fd: int, content: Content) -> Iterator[None]:
    """Content behind the end of an open file, on disk; taken back if that or the block fails.

    Args:
        fd: the file, opened with ``O_APPEND``.
        content: what comes behind what is there.

    Raises:
        Unsynced: as the block says; what was written stays.
        OSError: it could not be written; the file is as it was.
    """
    size = os.fstat(fd).st_size
    try:
        _write_all(fd, content)
        os.fsync(fd)
        yield
    except Unsynced:
        raise
    except OSError:
        with suppress(OSError):
            os.ftruncate(fd, size)
        raise


# --- the steps, each of them a moment at which the kill test ends a process -----------------------


def write(draft: Path, content: Content, wanted: Rights) -> None:
    """Write a draft and wait until the disk has it; one that a crash left is no part of it."""
    draft.unlink(missing_ok=True)
    _write_new(draft, content, wanted)


def publish(draft: Path, final: Path) -> None:
    """Give a draft its file's name as well; a link never replaces what is there.

    Raises:
        FileExistsError: there is something of that name.
        OSError: it could not be written.
    """
    try:
        final.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links, such as that of a USB stick: a crash may leave a part.
        _write_new(final, draft.read_bytes(), rights.like(draft))


def sync(folder: Path) -> None:
    """Have the names of files on disk, too, where a folder can be synced.

    Raises:
        Unsynced: the disk did not take them.
    """
    try:
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
    except OSError as error:
        if error.errno not in _NOT_SYNCED:
            raise Unsynced(error.errno, error.strerror, str(folder)) from error


def _draft_of(file: Path) -> Path:
    name = f".{file.name}.lockwright"
    if len(os.fsencode(name)) > _LONGEST_NAME:
        name = f".{hashlib.sha256(os.fsencode(file.name)).hexdigest()}.lockwright"
    return file.parent / name


@contextmanager
def _drafted(file: Path, content: Content, wanted: Rights) -> Iterator[Path]:
    """A whole draft of a file, which the block gives its name; the folder is synced after that."""
    rights.check_place(file)
    draft = _draft_of(file)
    with _alone_in(file.parent):
        try:
            write(draft, content, wanted)
            yield draft
        except BaseException:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
    sync(file.parent)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Let nobody else write a draft in a folder meanwhile; the lock ends with the process.

    Windows opens no folder, and has no such lock. Nor is there one where the folder may not be
    read, where the file system locks no folder (NFS: flock(2)), or where somebody who only reads
    it holds its lock for long.
    """
    with ExitStack() as held:
        if sys.platform != "win32":
            with suppress(PermissionError):
                fd = os.open(folder, os.O_RDONLY)
                held.callback(os.close, fd)
                with suppress(OSError):
                    held.enter_context(locked_within(fd, _PATIENCE))
        yield


def _write_new(file: Path, content: Content, wanted: Rights) -> None:
    """Write a file that is not there yet, to the disk; if that fails, it is not there either."""
    fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, OWNER_ONLY)
    try:
        try:
            wanted.give(fd, file)
            _write_all(fd, content)
            os.fsync(fd)
        finally:
            os.close(fd)
    except BaseException:
        with suppress(OSError):
            file.unlink()
        raise


def _write_all(fd: int, content: Content) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(fd, rest) :]
