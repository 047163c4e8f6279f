"""Files that a crash leaves whole: the old content or the new one, a name or none."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

OWNER_ONLY, OWNER_ONLY_FOLDER = 0o600, 0o700
_BINARY = getattr(os, "O_BINARY", 0)


def write(file: Path, content: bytes) -> None:
    """Write a file for its owner only, in place of what was there, and wait until the disk has it.

    Raises:
        OSError: it could not be written.
    """
    fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, OWNER_ONLY)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(fd, view) :]
        os.fsync(fd)
    finally:
        os.close(fd)


def replace(file: Path, content: bytes) -> None:
    """Write a file as a whole in place of the one before it; its folder is made if need be.

    Raises:
        OSError: it could not be written; the one before it stands.
    """
    draft = file.with_suffix(".new")
    file.parent.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    write(draft, content)
    draft.replace(file)
    sync(file.parent)


def remove(file: Path) -> None:
    """Remove a file, and what a crash may have left of a new one; nothing if there is none.

    Raises:
        OSError: it cannot be removed.
    """
    file.unlink(missing_ok=True)
    file.with_suffix(".new").unlink(missing_ok=True)
    if file.parent.exists():
        sync(file.parent)


def publish(draft: Path, final: Path) -> None:
    """Give a draft its name; a link never replaces what is there.

    Args:
        draft: the content, in the same folder; it stays.
        final: the name.

    Raises:
        FileExistsError: there is something of that name.
        OSError: it could not be written.
    """
    try:
        final.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links, such as that of a USB stick.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
        fd = os.open(final, flags, draft.stat().st_mode & 0o777)
        with os.fdopen(fd, "wb") as file:
            file.write(draft.read_bytes())
            file.flush()
            os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """Have the names of files on disk, too, where a folder can be synced."""
    with suppress(PermissionError, IsADirectoryError):
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
