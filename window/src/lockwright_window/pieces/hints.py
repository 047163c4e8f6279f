"""Hints that come where the mouse rests: text, whatever a token is called."""

from __future__ import annotations

from PySide6.QtGui import Qt

_MOST = 1000
"""Characters of a hint; more would cover the screen, and can be read elsewhere."""
_JOINER = "\N{WORD JOINER}"
"""Nobody sees it, and no tag has it. A hint in tags would be read aloud with them (Qt 6.12)."""


def hint(text: str) -> str:
    """A text for ``setToolTip``, which takes what looks like HTML for HTML.

    Args:
        text: what is said; some of it may have been written by others.
    """
    cut = text if len(text) <= _MOST else f"{text[:_MOST]}…"
    if not Qt.mightBeRichText(cut):
        return cut
    return cut.replace("<", f"<{_JOINER}").replace("&", f"&{_JOINER}")
