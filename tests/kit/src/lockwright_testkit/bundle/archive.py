"""A wheel as a zip: what no wheel holds, since each of its readers would see something else."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from lockwright_testkit.bundle.finding import UNREADABLE

DAMAGED = (*UNREADABLE, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)
"""What reading a zip may raise that anybody may have written."""
LARGEST = 16 * 1024 * 1024
"""Bytes of a file of its metadata; a small zip can hold far more zeros than a memory."""
_FOUND_BY_PYTHON = (".dist-info", ".egg-info")
"""Names that ``importlib.metadata`` takes for a distribution, in capital letters, too."""


def opened(file: Path) -> zipfile.ZipFile:
    """Open a wheel whose files are where they seem to be.

    Raises:
        ValueError: a name is there twice, leads elsewhere, or would be another distribution.
        OSError, zipfile.BadZipFile: it is no zip, or cannot be read.
    """
    archive = zipfile.ZipFile(file)
    names = archive.namelist()
    for name, times in Counter(names).items():
        path = PurePosixPath(name)
        if times > 1:
            raise ValueError(f"it has a file {name} twice")
        if ".." in path.parts or path.is_absolute():
            raise ValueError(f"it has a file {name}")
    _one_distribution(names)
    return archive


def read(archive: zipfile.ZipFile, name: str) -> bytes:
    """What a file of the metadata holds.

    Raises:
        KeyError: there is none.
        ValueError: it is too large to be one.
    """
    if archive.getinfo(name).file_size > LARGEST:
        raise ValueError(f"{name} is larger than {LARGEST} bytes")
    return archive.read(name)


def _one_distribution(names: Sequence[str]) -> None:
    """Refuse a second distribution in a wheel: its plugins would be loaded and are not listed.

    What lies below ``*.data`` is put elsewhere by the installer, so all of its path is looked at.
    """
    about = set()
    for name in names:
        top, *below = PurePosixPath(name).parts or ("",)
        seen = below if top.lower().endswith(".data") else [top]
        about |= {(top, part) for part in seen if part.lower().endswith(_FOUND_BY_PYTHON)}
    if len(about) > 1 or any(not part.endswith(".dist-info") for _top, part in about):
        raise ValueError("it holds more than one distribution")
