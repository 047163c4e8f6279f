"""Files of the desk itself, for its own account only, in folders that are made for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lockwright.errors import FileNotWritten
from lockwright.files import durable
from lockwright.files.refused import refusal_told

from lockwright_desk.errors import DeskFileNotWritten


def create(file: Path, content: bytes) -> None:
    """Write a new file as a whole.

    Raises:
        DeskFileNotWritten: the system refused it, or there is such a file.
    """
    with told(file):
        durable.make_folder(file.parent)
        durable.create(file, content)


def replace(file: Path, content: bytes | bytearray) -> None:
    """Write a file as a whole in place of the one before it.

    Raises:
        DeskFileNotWritten: the system refused it; the one before it stands.
    """
    with told(file):
        durable.make_folder(file.parent)
        durable.replace(file, content)


@contextmanager
def told(file: Path, cost: str | None = None) -> Iterator[None]:
    """A block that writes a file.

    Args:
        file: the file.
        cost: what was done before, if anything was.

    Raises:
        DeskFileNotWritten: the system refused it.
    """
    try:
        with refusal_told(file):
            yield
    except FileNotWritten as error:
        reason = error.facts["reason"]
        raise DeskFileNotWritten(cost=cost, file=str(file), reason=reason) from error
