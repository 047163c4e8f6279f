"""JSON in which every name stands once: readers differ in which of two they take."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any


def loads(text: str) -> Any:
    """A document.

    Args:
        text: of it.

    Raises:
        ValueError: it is no JSON, or has a name twice in one object.
        RecursionError: it is nested too deeply.
    """
    return json.loads(text, object_pairs_hook=_once)


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands there twice")
    return made
