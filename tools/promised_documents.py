"""The shape of what is written with ``--json``: of each document the fields that it has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

ALWAYS, SOMETIMES = "always there", "there where it applies"

_SCHEMAS = Path(__file__).parent.parent / "core" / "src" / "lockwright" / "cli" / "schemas"
_NO_PART = {"$defs", "properties", "items"}


def documents() -> Iterator[tuple[str, str]]:
    """Every field of every document, and whether it is always there."""
    for file in sorted(_SCHEMAS.glob("*.json")):
        yield from _fields(file.name, json.loads(file.read_text("utf-8")), ())


def _fields(file: str, schema: object, place: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(schema, list):
        for number, each in enumerate(schema):
            yield from _fields(file, each, (*place, str(number)))
    if not isinstance(schema, dict):
        return
    properties = schema.get("properties")
    if isinstance(properties, dict):
        for name in properties:
            parts = ".".join((*(part for part in place if part not in _NO_PART), name))
            yield f"{file} {parts}", ALWAYS if name in schema.get("required", ()) else SOMETIMES
    for name, inner in schema.items():
        yield from _fields(file, inner, (*place, name))
