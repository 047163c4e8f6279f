"""A page is in the language that its visitor chose, otherwise in the browser's."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from lockwright import i18n
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from lockwright_desk.http.languages import language_in

COOKIE = "__Host-language"
KEPT_SECONDS = 365 * 24 * 3600
"""How long a choice is kept."""


class InTheVisitorsLanguage:
    """Has pages made in it.

    Args:
        app: the application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        with spoken_in(HTTPConnection(scope)) if scope["type"] == "http" else nullcontext():
            await self._app(scope, receive, send)


def spoken_in(asked: HTTPConnection) -> AbstractContextManager[object]:
    """Speaks the language of a request."""
    chosen = asked.cookies.get(COOKIE)
    if chosen not in i18n.LANGUAGES:
        chosen = language_in(asked.headers.get("accept-language", ""))
    return i18n.speaking(chosen) if chosen else nullcontext()
