"""A module of this system."""

from __future__ import annotations

from pathlib import Path


def modules_named(name: str) -> tuple[Path, ...]:
    """Where a module lies on this system, the first one preferred."""
    folders = ("usr/lib/*/pkcs11", "usr/lib64/pkcs11", "usr/lib/pkcs11")
    return tuple(place for folder in folders for place in Path("/").glob(f"{folder}/{name}"))
