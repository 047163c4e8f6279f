"""A Request or a Response as it was heard: read, or every place told where it goes wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lockwright.errors import RequestMalformed
from lockwright.i18n import _
from lockwright.spoken.reading import Heard, read_request
from lockwright.spoken.spelling import GROUP

_MOST = 1024
"""Characters of which something that was typed can consist."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A character that no Request and no Response has."""

    at: int
    """Its place in what was typed, from 0."""
    group: int
    """The group in which it would stand, from 1."""
    place: int
    """Its place in that group, from 1."""
    character: str


def read(text: str, length: int | None) -> Heard[bytes]:
    """Read a Request.

    Args:
        text: what was typed.
        length: how many bytes a Request of this token has; None: any whole number.

    Raises:
        RequestMalformed: it is none; every wrong place is in the reason.
    """
    if len(text) > _MOST:
        raise RequestMalformed(reason=_("it is longer than any Request"))
    try:
        return read_request(text, length)
    except RequestMalformed:
        if not (wrong := wrong_places(text)):
            raise
    told = _("character {place} of group {group} is {char}")
    places = [
        told.format(place=each.place, group=each.group, char=_shown(each.character))
        for each in wrong
    ]
    allowed = _("only the digits 0-9 and the letters A-F occur")
    raise RequestMalformed(reason="; ".join([*places, allowed]))


def wrong_places(text: str) -> tuple[Wrong, ...]:
    """Every character of what was typed that no Request has, as a page can mark them.

    Args:
        text: what was typed.
    """
    return tuple(wrong_among(text[:_MOST]))


def counted(characters: Iterable[str]) -> int:
    """How many places are taken up, by wrong characters too; what sets groups apart takes none.

    Args:
        characters: what was typed, one after the other; a Response need not be a text for it.
    """
    return sum(not _fits("00" + char) for char in characters)


def wrong_among(characters: Iterable[str]) -> Iterator[Wrong]:
    """Every character that no Request and no Response has.

    Each takes up a place: it stands for a character that was misheard.

    Args:
        characters: what was typed, one after the other; a Response need not be a text for it.
    """
    before = 0
    for at, char in enumerate(characters):
        if _fits("00" + char):
            continue  # it sets groups apart
        if not _fits("0" + char):
            group, place = divmod(before, GROUP)
            yield Wrong(at, group + 1, place + 1, char)
        before += 1


def marked(text: str) -> str:
    """A line of carets, one below each character of what was typed that no Request has."""
    wrong = {each.at for each in wrong_places(text)}
    return "".join("^" if at in wrong else " " for at in range(max(wrong, default=-1) + 1))


def differing(one: str, other: str) -> str:
    """A line of carets, one below each character in which two lines of one length differ."""
    line = "".join("^" if a != b else " " for a, b in zip(one, other, strict=False))
    return line.rstrip()


def _fits(text: str) -> bool:
    """Whether a text is a single byte to whoever reads Requests, who alone knows the letters."""
    try:
        read_request(text, 1)
    except RequestMalformed:
        return False
    return True


def _shown(char: str) -> str:
    return f"«{char}»" if char.isprintable() else f"U+{ord(char):04X}"
