"""Text with its styles on a terminal, drawn by rich."""

from __future__ import annotations

import os
from typing import IO, Any

from rich import text
from rich.console import Console

from lockwright.console.size import NATURAL, columns, is_dumb
from lockwright.console.text import Text

_ANY = 25
"""Lines of a terminal, of which none depends on anything."""


class _Painter(Console):
    def show_cursor(self, show: bool = True) -> bool:  # noqa: FBT001, FBT002  # rich calls it so
        """Leave it as it is: who is killed while it is hidden leaves a terminal without one."""
        del show
        return False


def painter(stream: IO[str]) -> Console:
    """What draws text as it stands: no markup, no emoji, no guessed colours.

    Args:
        stream: where to.
    """
    settings: dict[str, Any] = {"markup": False, "highlight": False, "emoji": False}
    if stream.isatty() and is_dumb():  # of such a one rich does not ask how wide it is
        settings |= {"width": columns(stream.fileno()), "height": _ANY}
    elif not stream.isatty() and "COLUMNS" not in os.environ:
        settings["width"] = NATURAL
    return _Painter(file=stream, **settings)


def paint(on: Console, what: Text, style: str) -> None:
    """Draw text.

    Args:
        on: what draws.
        what: the text, in lines that fit.
        style: of all of it.
    """
    on.print(drawable(what), style=style, crop=False, overflow="ignore", no_wrap=True)


def drawable(what: Text) -> text.Text:
    """Text as rich has it: nobody breaks a line of it once more, nobody cuts it off."""
    return text.Text.assemble(*what.pieces, no_wrap=True, overflow="ignore")
