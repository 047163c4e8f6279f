"""Files that a person names, to be read whole: one that never ends is not read into the memory."""

from __future__ import annotations

import errno
from pathlib import Path

LARGEST = 16 * 1024 * 1024
"""Bytes; certificates, requests and PKCS#12 files have thousands."""


def read(file: Path) -> bytes:
    """What a file holds; a pipe, such as a shell makes one of ``<(...)``, is read to its end.

    Raises:
        OSError: it cannot be read, or holds more than ``LARGEST`` bytes.
    """
    with file.open("rb") as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise OSError(errno.EFBIG, "")
    return data
