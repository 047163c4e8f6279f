"""How often a text is in the memory of another process that can be written (proc(5))."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

ENCODINGS = ("utf-8", "utf-16-le", "utf-32-le")
"""As bytes and in Python's narrow strings; in Qt and Python's wider ones; in Python's widest."""


def times(pid: int, *texts: str) -> list[int]:
    """How often each of them is there, in any encoding.

    Args:
        pid: the process.
        texts: what is looked for.
    """
    found = [0] * len(texts)
    for piece in _written(pid):
        for number, text in enumerate(texts):
            found[number] += sum(piece.count(text.encode(each)) for each in ENCODINGS)
    return found


def can_be_searched(pid: int) -> bool:
    """Whether this account may look: a process that forbids dumps can be read by root alone."""
    try:
        with Path(f"/proc/{pid}/mem").open("rb"):
            return True
    except PermissionError:
        return False


def _written(pid: int) -> Iterator[bytes]:
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            addresses, rights = line.split(maxsplit=2)[:2]
            if "w" in rights:
                start, end = (int(each, 16) for each in addresses.split("-"))
                with suppress(OSError):  # a device's memory, or it was given back meanwhile
                    memory.seek(start)
                    yield memory.read(end - start)
