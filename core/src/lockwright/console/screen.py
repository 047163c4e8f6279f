"""Where lines go: written as they are, or drawn with their styles where a terminal shows them.

What draws is loaded for a terminal only: in a pipe no text has a style.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from typing import IO, TYPE_CHECKING

from lockwright.console.size import NATURAL, columns
from lockwright.console.text import Drawn, Text, joined
from lockwright.console.wrapping import wrap_item

if TYPE_CHECKING:
    from rich.console import Console as Painter

_ASKED_FOR = ("FORCE_COLOR", "TTY_COMPATIBLE")
"""Variables that have a pipe drawn on as a terminal is; see rich's documentation."""


class Console:
    """Shows text as it stands, and cuts no word: one that is wider than the terminal stays whole.

    Args:
        stream: where to.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._draws = stream.isatty() or any(os.environ.get(name) for name in _ASKED_FOR)

    @cached_property
    def painter(self) -> Painter:
        """What draws on a terminal."""
        from lockwright.console.painted import painter  # noqa: PLC0415  # slow to import

        return painter(self._stream)

    @property
    def width(self) -> int:
        """Cells that a line may take."""
        if self._draws:
            return self.painter.width
        return columns(-1) if "COLUMNS" in os.environ else NATURAL

    def print(self, *things: str | Text | Drawn, style: str = "") -> None:
        """Show things, each below the other; without any, an empty line.

        Args:
            things: text, which is broken between words, and what draws itself.
            style: of them all.

        Raises:
            OSError: the stream does not take it.
        """
        text = joined(line for thing in things or ("",) for line in self._lines(thing))
        if self._draws:
            from lockwright.console.painted import paint  # noqa: PLC0415  # slow to import

            paint(self.painter, text, style)
        else:
            self._stream.write(f"{text.plain}\n")
            self._stream.flush()

    def _lines(self, thing: str | Text | Drawn) -> Iterator[Text]:
        if isinstance(thing, Drawn):
            yield from thing.drawn(self.width, ascii_only=self._ascii_only)
        elif isinstance(thing, Text):
            yield from thing.lines()
        else:
            for paragraph in thing.split("\n"):
                yield from map(Text, wrap_item(paragraph, self.width))

    @property
    def _ascii_only(self) -> bool:
        return not (getattr(self._stream, "encoding", None) or "utf-8").lower().startswith("utf")
