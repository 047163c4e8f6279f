"""The text of ``evidence.toml``, which people write by hand, too: read, and with another token."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

Content = Mapping[str, Any]
_TOKEN = re.compile(r"\s*\[\[\s*tested\s*\]\]\s*(#.*)?")
_OF_A_TOKEN = re.compile(r"\s*\[\[?\s*tested\s*\.")
_TABLE = re.compile(r"\s*\[")
_BESIDE = re.compile(r"\s*(#.*)?")
"""A line that says nothing: it may be about what comes after it."""


class Odd(Exception):
    """A text is no TOML, or not what the file is to have, or not to be changed by a program."""


def content_of(text: str) -> Content:
    """What a text says: a table ``claim``, and in ``tested`` a table for each token.

    Args:
        text: of the file.

    Raises:
        Odd: it does not.
    """
    try:
        content = tomllib.loads(text)
    except ValueError as error:
        raise Odd(str(error)) from None
    except RecursionError:
        raise Odd("it is nested too deeply") from None
    if not isinstance(content.get("claim", {}), dict):
        raise Odd("claim is no table")
    tested = content.get("tested", [])
    if not isinstance(tested, list) or not all(isinstance(each, dict) for each in tested):
        raise Odd("tested is no list of tables")
    for each in tested:
        if not isinstance(each.get("hooks", {}), dict):
            raise Odd("hooks is no table")
        if not isinstance(each.get("bindings", []), list):
            raise Odd("bindings is no list")
        if isinstance(each.get("since"), datetime):
            raise Odd("since has a time of day")
    return content


def put(text: str, new: str, replaced: Callable[[Content], bool]) -> str:
    """The text with one more token, in place of others; everything else stays as it is.

    Args:
        text: as it is.
        new: the token's part.
        replaced: whether a token of ``tested`` goes.

    Raises:
        Odd: it is none that a program can change.
    """
    content, added = content_of(text), content_of(new)
    tested = content.get("tested", [])
    gone = {number for number, each in enumerate(tested) if replaced(each)}
    kept = [_kept(lines) if number in gone else lines for number, lines in _parts(text)]
    parts = ["\n".join(lines).strip("\n") for lines in kept]
    made = "\n\n".join(part for part in (*parts, new.strip("\n")) if part.strip()) + "\n"
    left = [each for number, each in enumerate(tested) if number not in gone]
    if _read(made) != {**content, "tested": [*left, *added["tested"]]}:
        raise Odd("its list of tokens is written in a way that only a person can change")
    return made


def _read(text: str) -> Content | None:
    try:
        return content_of(text)
    except Odd:
        return None


def _parts(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of each token, by its number, and what stands around them, by -1."""
    number, tokens, lines = -1, 0, list[str]()
    for line in text.split("\n"):
        token = _TOKEN.fullmatch(line) is not None
        if token or (_TABLE.match(line) and not _OF_A_TOKEN.match(line)):
            yield number, lines
            number, lines = (tokens if token else -1), []
            tokens += token
        lines.append(line)
    yield number, lines


def _kept(lines: list[str]) -> list[str]:
    """Of a token that goes: what a person wrote behind it."""
    end = len(lines)
    while end and _BESIDE.fullmatch(lines[end - 1]):
        end -= 1
    return lines[end:]
