"""Files of the desk itself, for its own account only, in folders that are made for them."""

from __future__ import annotations

from pathlib import Path

from lockwright.files import durable
from lockwright.files.refused import refusal_told


def create(file: Path, content: bytes) -> None:
    """Write a new file as a whole.

    Raises:
        FileNotWritten: the system refused it, or there is such a file.
    """
    with refusal_told(file):
        durable.make_folder(file.parent)
        durable.create(file, content)


def replace(file: Path, content: bytes | bytearray) -> None:
    """Write a file as a whole in place of the one before it.

    Raises:
        FileNotWritten: the system refused it; the one before it stands.
    """
    with refusal_told(file):
        durable.make_folder(file.parent)
        durable.replace(file, content)
