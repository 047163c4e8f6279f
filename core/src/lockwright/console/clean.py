"""Text from tokens and certificates made safe to show: it was written by others."""

from __future__ import annotations

import unicodedata

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SHOWN_AS = "\N{REPLACEMENT CHARACTER}"


def clean(text: str) -> str:
    """The text with every character replaced that would act rather than show.

    Control characters move the cursor and colour the screen; format characters turn the
    direction of writing, so that one name reads like another.
    """
    return "".join(
        _SHOWN_AS if unicodedata.category(character) in _UNSAFE else character for character in text
    )
