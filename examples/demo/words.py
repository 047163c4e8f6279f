"""The words of the story: English stands in the acts, Russian beside them, in ``russian.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from lockwright.i18n import language


def said(title: str, words: str = "") -> tuple[str, str]:
    """A title and its words in the language in use."""
    if language() == "en":
        return title, words
    told = russian()[title]
    return told["title"], told.get("words", "")


@cache
def russian() -> dict[str, dict[str, str]]:
    """Title and words by the English title."""
    return tomllib.loads(Path(__file__).with_name("russian.toml").read_text(encoding="utf-8"))
