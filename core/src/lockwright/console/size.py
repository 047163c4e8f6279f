"""What the terminal at hand can do: how wide it is, whether the cursor can be moved on it."""

from __future__ import annotations

import os
from typing import IO

NATURAL = 10_000
"""Cells in a line of what no terminal cuts: each is as long as it is."""
_USUAL = 80
_DUMB = frozenset({"", "dumb", "unknown"})


def columns(descriptor: int) -> int:
    """Cells in a line of a terminal, or those of ``COLUMNS``, as for every program."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(descriptor).columns or _USUAL
    except OSError:
        return _USUAL


def moves(stream: IO[str]) -> bool:
    """Whether a stream is a terminal that rewrites its lines; a dumb one shows what it gets."""
    return stream.isatty() and not is_dumb()


def is_dumb() -> bool:
    """Whether the terminal only shows what it gets, line by line."""
    return os.name == "posix" and os.environ.get("TERM", "").lower() in _DUMB
