"""A reason as people read it, be it in words of ours or in somebody else's."""

from __future__ import annotations

import re

from lockwright.i18n import _, language

_ENGLISH = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def in_words(reason: str) -> str:
    """A reason in the language in use, without the full stop of a sentence.

    What has no translation was said by a library, a server or a plugin of others. In a sentence
    of another language it stands as the quotation that it is; names and codes stay bare.

    Args:
        reason: a msgid, a text that is translated already, or the words of others.
    """
    said = _(reason).rstrip(".")
    foreign = language() != "en" and not _CYRILLIC.search(said) and _ENGLISH.search(said)
    return f"«{said}»" if foreign else said
