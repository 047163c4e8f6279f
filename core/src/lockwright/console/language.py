"""One language for lockwright's text and for click's own."""

from __future__ import annotations

import gettext
import os

from lockwright import i18n


def speak(language: str | None) -> None:
    """Choose the language of this process and of those it starts.

    click translates with the process-wide gettext domain; ours holds click's texts as well.

    Args:
        language: ``en``, ``ru``, or None for the locale of the environment.
    """
    os.environ["LANGUAGE"] = i18n.use(language)
    gettext.bindtextdomain(i18n.DOMAIN, str(i18n.LOCALES))
    gettext.textdomain(i18n.DOMAIN)
