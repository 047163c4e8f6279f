"""Labels of containers that people choose: what a label may not have in it."""

from __future__ import annotations

import unicodedata

from lockwright.errors import ObjectLabelRefused
from lockwright.i18n import N_

_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the direction of writing (Unicode: ``Bidi_Control``)."""
_ACTS = frozenset({"Cc", "Cs"})
"""Control characters, and halves of a character, which no UTF-8 has."""


def check_object_label(label: str | None) -> None:
    """Refuse a label that reads like another, or that no token can be given.

    Everything else is left to the token: ``CKA_LABEL`` is UTF-8 (RFC 2279) of any length.

    Args:
        label: the label; None for one that is made of a name.

    Raises:
        ObjectLabelRefused: it is empty, or has such characters.
    """
    if label is None:
        return
    reasons = (
        (not label.strip(), N_("it is empty")),
        (any(map(_acts, label)), N_("it has control characters, or bytes that are no UTF-8")),
        (
            not _TURNS.isdisjoint(label),
            N_("it has characters that turn the direction of writing, so it reads like another"),
        ),
    )
    for broken, reason in reasons:
        if broken:
            raise ObjectLabelRefused(label=label, reason=reason)


def label_of(name: str) -> str:
    """A label made of a name that others gave, such as a certificate's: without such characters.

    Args:
        name: the name; it may be empty.
    """
    return "".join(each for each in name if not _acts(each) and each not in _TURNS)


def _acts(character: str) -> bool:
    return unicodedata.category(character) in _ACTS
