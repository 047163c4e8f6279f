"""What a server says to a person, made fit to be shown: it was written by others."""

from __future__ import annotations

from lockwright.i18n import N_

NOTHING_SAID = N_("nothing more")
_LONGEST = 300
HUMAN = frozenset({"", "text/plain"})
"""Media types of a text for a person; none at all is one, too (RFC 8951, section 5)."""


def server_text(body: bytes, media_type: str) -> str:
    """The text of an error, in one line, without what acts on a terminal, and cut.

    Args:
        body: the body of the answer.
        media_type: its type without parameters, lower-case; empty if none was given.
    """
    if media_type not in HUMAN:
        return NOTHING_SAID
    return shown(body.decode(errors="replace"))


def shown(text: str) -> str:
    """A text of a server in one line, without what acts on a terminal, and cut."""
    printable = "".join(c if c.isprintable() else " " for c in text[: 4 * _LONGEST])
    line = " ".join(printable.split())
    if len(line) > _LONGEST:
        line = line[:_LONGEST].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
    return line or NOTHING_SAID
