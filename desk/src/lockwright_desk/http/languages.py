"""Each client is answered in its own language, as far as the desk speaks it."""

from __future__ import annotations

from contextlib import nullcontext

from lockwright import i18n
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

_NOT_WANTED = 0.0
_WISHES = 16
"""How many wishes are read; a browser has five, and thousands would keep everybody waiting."""


class InTheClientsLanguage:
    """Has requests answered in the language that they ask for (RFC 9110, section 12.5.4).

    A request that asks for none, or for none of ours, gets the language of this process.

    Args:
        app: the application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        asked = Headers(scope=scope).get("accept-language") if scope["type"] == "http" else None
        chosen = language_in(asked or "")
        with i18n.speaking(chosen) if chosen else nullcontext():
            await self._app(scope, receive, send)


def language_in(header: str) -> str | None:
    """The best of our languages that a header asks for; None if it asks for none of them."""
    wishes = sorted(
        map(_wish, header.split(",", _WISHES)[:_WISHES]), key=lambda wish: wish[1], reverse=True
    )
    for language, weight in wishes:
        if language in i18n.LANGUAGES and weight > _NOT_WANTED:
            return language
    return None


def _wish(part: str) -> tuple[str, float]:
    """A language, without its region, and its weight; what cannot be read is not wanted."""
    language, _semicolon, parameter = part.partition(";")
    name, _equals, value = parameter.strip().partition("=")
    try:
        weight = float(value) if name.strip().lower() == "q" else 1.0
    except ValueError:
        weight = _NOT_WANTED
    return language.strip().partition("-")[0].lower(), weight
