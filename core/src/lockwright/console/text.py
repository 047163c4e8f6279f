"""Text in pieces, each with its style; what draws it on a terminal is ``painted``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Piece = str | tuple[str, str]


class Text:
    """Text with styles, such as ``bold`` or ``red``.

    Args:
        text: the text.
        style: its style; empty for none.
    """

    def __init__(self, text: str = "", style: str = "") -> None:
        self.pieces: list[tuple[str, str]] = [(text, style)] if text else []

    @classmethod
    def of(cls, *parts: Text | Piece) -> Text:
        """Text that is put together.

        Args:
            parts: texts, with a style or without.
        """
        made = cls()
        for part in parts:
            if isinstance(part, Text):
                made.pieces += part.pieces
            else:
                made.append(*((part,) if isinstance(part, str) else part))
        return made

    @property
    def plain(self) -> str:
        """The text without its styles."""
        return "".join(text for text, _style in self.pieces)

    def append(self, text: str, style: str = "") -> None:
        """Add to it.

        Args:
            text: what comes at its end.
            style: the style of that.
        """
        if text:
            self.pieces.append((text, style))

    def lines(self) -> list[Text]:
        """Each line of it, without its end."""
        lines = [Text()]
        for text, style in self.pieces:
            first, *more = text.split("\n")
            lines[-1].append(first, style)
            lines += [Text(each, style) for each in more]
        return lines

    def cut(self, start: int, end: int) -> Text:
        """A part of it, by the numbers of the first character and the one behind the last."""
        part, at = Text(), 0
        for text, style in self.pieces:
            part.append(text[max(start - at, 0) : max(end - at, 0)], style)
            at += len(text)
        return part

    def without_end(self) -> Text:
        """It without the spaces at its end."""
        return self.cut(0, len(self.plain.rstrip()))

    def replaced(self, old: str, new: str) -> Text:
        """It with another character in place of one."""
        return Text.of(*((text.replace(old, new), style) for text, style in self.pieces))


class Drawn:
    """What is drawn for the room that there is, such as a table."""

    def drawn(self, width: int, *, ascii_only: bool) -> Iterator[Text]:
        """Its lines.

        Args:
            width: cells that a line may take.
            ascii_only: whether nothing but ASCII can be shown.
        """
        raise NotImplementedError


def joined(lines: Iterable[Text]) -> Text:
    """Lines as one text."""
    made = Text()
    for number, line in enumerate(lines):
        made.append("\n" if number else "")
        made.pieces += line.pieces
    return made
