"""Text in the user's language: English is in the code, translations in ``locales/``."""

from __future__ import annotations

import functools
import gettext as _gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

DOMAIN = "lockwright"
LOCALES = Path(__file__).parent / "locales"
LANGUAGES = ("en", "ru")

_language = "en"
_here: ContextVar[str | None] = ContextVar("language", default=None)


def N_(text: str) -> str:  # noqa: N802  # the name every gettext extractor knows
    """Mark a text for translation where it stands; it is translated where it is shown."""
    return text


def _(text: str) -> str:
    """The text in the language in use."""
    return _catalogue(language()).gettext(text) if text else text


def ngettext(one: str, many: str, n: int) -> str:
    """The form of a text that goes with the number ``n``, in the language in use."""
    return _catalogue(language()).ngettext(one, many, n)


def use(language: str | None) -> str:
    """Choose the language of this process and return the one chosen.

    Args:
        language: ``en``, ``ru``, or None for the locale of the environment.
    """
    global _language  # noqa: PLW0603  # one process speaks one language
    _language = language or from_environment(os.environ)
    return _language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language in this context alone, as a server does in the answer to one request.

    Args:
        language: ``en`` or ``ru``.
    """
    token = _here.set(language)
    try:
        yield
    finally:
        _here.reset(token)


def language() -> str:
    """The language in use: ``en`` or ``ru``."""
    return _here.get() or _language


def from_environment(environment: os._Environ[str] | dict[str, str]) -> str:
    """The language that ``LC_ALL``, ``LC_MESSAGES`` or ``LANG`` asks for, English otherwise."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            language = value.partition(".")[0].partition("_")[0].lower()
            return language if language in LANGUAGES else "en"
    return "en"


@functools.cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(DOMAIN, LOCALES, [language], fallback=True)
