"""What is wrong with a file of a bundle."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something that is wrong."""

    file: str
    """The file, from the bundle's folder on."""
    what: str
    """What is wrong with it: a sentence whose subject is the file."""


UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What reading a file may raise that anybody may have written."""


def text(folder: Path, file: str) -> str:
    """What a file of a bundle says, its line ends as they are.

    Raises:
        OSError: it cannot be read, or is no plain file: a link leads elsewhere, a pipe never ends.
        ValueError: it is no text.
    """
    path = folder / file
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise ValueError("it is no plain file")
    return path.read_bytes().decode()


def unreadable(file: str, error: Exception, kind: str = "") -> Finding:
    """The finding that a file cannot be read, for what Python says of it."""
    why = error.strerror if isinstance(error, OSError) else error
    return Finding(file, f"cannot be read{kind}: {why}")
