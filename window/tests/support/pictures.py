"""Pictures of a story for a page, each looked at: nothing is cut, nothing covers another."""

from __future__ import annotations

import os
import time
from itertools import combinations
from pathlib import Path

from opened_window import Opened
from screen_reader import Seen
from window_screen import Screen

VARIABLE = "PICTURES"
"""Names the folder in which pictures are kept; ``make pictures`` sets it."""
_LEAVES = frozenset({"label", "push button", "radio button", "password text", "check box"})
_SETTLED = 0.3


class Pictures:
    """Takes them, and looks whether anything is cut or covered.

    Args:
        window: the window.
        stem: the file of each, up to its own name.
    """

    def __init__(self, window: Opened, stem: Path) -> None:
        self._window, self._stem = window, stem
        self.number = 0

    def take(self, name: str) -> None:
        """One of them.

        Args:
            name: its own name.
        """
        self.number += 1
        time.sleep(_SETTLED)
        file = self._stem.parent / f"{self._stem.name}-{name}.png"
        front, run = self._window.front(), self._window.screen.run
        if front[0].role == "dialog":  # pages of the main window are scrolled where they are long
            look_at(front, self._window.screen)
        run("import", "-window", "root", "-crop", _around(front[0]), "+repage", str(file))
        _make_small(self._window.screen, file)


def picture(window: Opened, name: str, *, front: bool = False) -> None:
    """Take a picture, if pictures are wanted.

    Args:
        window: the window.
        name: of the file, without its ending.
        front: of the active window alone.
    """
    if folder := os.environ.get(VARIABLE):
        time.sleep(_SETTLED)
        file = window.picture(Path(folder, f"{name}.png"))
        if front:
            everything = [each.at for each in window.tree() if each.depth == 0]
            left, top, wide, high = window.front()[0].at
            left -= min(each[0] for each in everything)
            top -= min(each[1] for each in everything)
            crop = f"{wide}x{high}+{left}+{top}"
            window.screen.run("convert", str(file), "-crop", crop, "+repage", str(file))
        _make_small(window.screen, file)


def _make_small(screen: Screen, file: Path) -> None:
    """As a page needs it: a line round it, and no more colours than it has."""
    screen.run(
        *("convert", str(file), "-bordercolor", "#808080", "-border", "1"),
        *("+dither", "-colors", "64", "-define", "png:compression-filter=0", f"PNG8:{file}"),
    )


def look_at(front: list[Seen], screen: Screen) -> None:
    """Everything is inside the window, the window on the screen, and nothing on top of another."""
    left, top, width, height = front[0].at
    assert top + height <= screen.height
    assert left + width <= screen.width
    leaves = [each for each in front if each.role in _LEAVES and each.at[2] > 0]
    for each in leaves:
        x, y, w, h = each.at
        assert left <= x, each
        assert x + w <= left + width, each
        assert top <= y, each
        assert y + h <= top + height, each
    for one, other in combinations(leaves, 2):
        assert not _overlap(one, other), (one, other)


def _around(window: Seen) -> str:
    left, top, width, height = window.at
    return f"{width}x{height}+{left}+{top}"


def _overlap(one: Seen, other: Seen) -> bool:
    (x, y, w, h), (x2, y2, w2, h2) = one.at, other.at
    return x < x2 + w2 and x2 < x + w and y < y2 + h2 and y2 < y + h
