"""What a screen reader sees of a program: its windows, and what of each control is in sight."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from screen_reader import Seen


def clipped(seen: Iterable[Seen]) -> Iterator[Seen]:
    """Each with the part of the screen that everything around it leaves."""
    around: list[tuple[int, int, int, int]] = []
    for each in seen:
        del around[each.depth :]
        clip = around[-1] if around else each.at
        yield replace(each, clip=clip)
        around.append(_common(clip, each.at))


def _common(
    one: tuple[int, int, int, int], other: tuple[int, int, int, int]
) -> tuple[int, int, int, int]:
    left, top = max(one[0], other[0]), max(one[1], other[1])
    right = min(one[0] + one[2], other[0] + other[2])
    bottom = min(one[1] + one[3], other[1] + other[3])
    return left, top, max(0, right - left), max(0, bottom - top)


def windows(seen: list[Seen]) -> Iterator[list[Seen]]:
    """The windows with what is in each, the active one first."""
    found: list[list[Seen]] = []
    for each in seen:
        if each.depth == 0:
            found.append([])
        found[-1].append(each)
    found.reverse()  # the one that was opened last comes first
    yield from sorted(found, key=lambda window: "active" not in window[0].states)


def called(seen: Seen, name: str) -> bool:
    """Whether something has a name, without the mark of a mnemonic; or begins with ``name...``."""
    own = re.sub(r"&(.)", r"\1", seen.name)
    return own.startswith(name[:-3]) if name.endswith("...") else own == name
