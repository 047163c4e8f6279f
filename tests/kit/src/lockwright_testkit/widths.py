"""Screens of every width: what a person copies or compares stands there in one piece."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product

from lockwright_testkit.pseudo_terminal import Screen

WIDTHS = (40, 60, 80, 120, 200)
LANGUAGES = ("en", "ru")
_HEIGHT = 60

Size = tuple[int, int]


def told_whole(
    start: Callable[[str, Size], Screen],
    copied: Iterable[str],
    cells: Callable[[str], int],
    *,
    code: int = 0,
) -> None:
    """Run a command at every width in both languages, and look at its screen.

    No line may be wider than the terminal, but for one that is a single word: that one stays whole.

    Args:
        start: starts it, given a language and a size in lines and columns.
        copied: words that a person copies or compares.
        cells: how many cells of the terminal a text takes.
        code: the exit code.

    Raises:
        AssertionError: a word is broken, a line too wide, or it ended otherwise.
    """
    wanted = set(copied)
    for width, language in product(WIDTHS, LANGUAGES):
        screen = start(language, (_HEIGHT, width))
        ended = screen.ends()
        lines = screen.lines
        there = {word for line in lines for word in line.split()}
        wide = [line for line in lines if cells(line) > width and len(line.split()) > 1]
        assert (ended.code, wide, wanted - there) == (code, [], set()), screen.everything
        screen.close()
