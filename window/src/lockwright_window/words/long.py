"""Names that are longer than any line: broken where they must be, or cut. Without Qt."""

from __future__ import annotations

import re

MOST = 60
"""Characters of a name on a button or in a notice, which have one line for it."""
_BREAK = "\N{ZERO WIDTH SPACE}"
_PIECE = 32
_RUN = re.compile(r"[^\s/\\-]{41,}")
"""What a line is broken in nowhere: Qt does so at spaces, slashes and hyphens."""
_DIGEST = re.compile(r"[0-9A-Fa-f:]{41,64}")
"""It is copied and compared, and has room on any page."""


def breakable(text: str) -> str:
    """A text whose long words have places where a line may end; nobody sees them.

    A token's own names have thousands of letters if somebody wishes so, and a page is as wide as
    its longest word.

    Args:
        text: what is said.
    """
    return _RUN.sub(_broken, text)


def cut(name: str) -> str:
    """A name, or its beginning and dots.

    Args:
        name: the name.
    """
    return name if len(name) <= MOST else f"{name[: MOST - 1]}…"


def _broken(found: re.Match[str]) -> str:
    word = found[0]
    if _DIGEST.fullmatch(word):
        return word
    return _BREAK.join(word[at : at + _PIECE] for at in range(0, len(word), _PIECE))
