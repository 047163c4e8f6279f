"""One language for lockwright's text and for click's own."""

from __future__ import annotations

import gettext
import os

from lockwright import i18n
from lockwright.console import streams

_LETTERS = {"ru": "я"}
"""A letter of each language that has others than English."""


def speak(language: str | None) -> None:
    """Choose the language of this process and of those it starts.

    click translates with the process-wide gettext domain; ours holds click's texts as well.

    A language whose letters the streams cannot show is not spoken.

    Args:
        language: ``en``, ``ru``, or None for the locale of the environment.
    """
    if not streams.take(_LETTERS.get(i18n.use(language), "")):
        i18n.use("en")
    os.environ["LANGUAGE"] = i18n.language()
    gettext.bindtextdomain(i18n.DOMAIN, str(i18n.LOCALES))
    gettext.textdomain(i18n.DOMAIN)
