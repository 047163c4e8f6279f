"""A project is written whole or not at all: beside its place first, then renamed to it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from lockwright_testkit.cli.errors import FolderTaken, FolderUnusable

_USUAL = 0o777


def make(folder: Path, files: Mapping[str, str]) -> None:
    """Write a project.

    Args:
        folder: where it is to be; there is nothing of that name yet.
        files: the text of each file by its path in the project.

    Raises:
        FolderTaken: there is something of that name.
        FolderUnusable: it cannot be written.
    """
    _refuse_taken(folder)
    try:
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            write(draft, files)
            draft.chmod(_USUAL & ~_umask())
            _refuse_taken(folder)  # since then; an empty one would be replaced
            draft.rename(folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    except OSError as error:
        raise FolderUnusable(folder=str(folder), reason=error.strerror or "no reason") from None


def _refuse_taken(folder: Path) -> None:
    if os.path.lexists(folder):
        raise FolderTaken(folder=str(folder))


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files into a folder, each as it is.

    Args:
        folder: the folder.
        files: the text of each file by its path in it.
    """
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


def _umask() -> int:
    """The mask of new files, which can be read only by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
