"""What is wrong with a file of a bundle."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something that is wrong."""

    file: str
    """The file, from the bundle's folder on."""
    what: str
    """What is wrong with it: a sentence whose subject is the file."""


def unreadable(file: str, error: Exception, kind: str = "") -> Finding:
    """The finding that a file cannot be read, for what Python says of it."""
    why = error.strerror if isinstance(error, OSError) else error
    return Finding(file, f"cannot be read{kind}: {why}")
