"""What goes wrong, as a page says it: what happened, what it cost, what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from lockwright import log as logs
from lockwright.errors import LockwrightError
from lockwright.explain import explain
from lockwright.i18n import N_, _
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lockwright_desk.errors import DatabaseAway, KeeperAway
from lockwright_desk.http.refusals import Busy, Failed, Refusal, UnknownPlace, WrongMethod
from lockwright_desk.web import headers, languages, places
from lockwright_desk.web.drawing import Drawing

_PATH_SHOWN = 200
_HEADINGS = {
    HTTPStatus.UNAUTHORIZED: N_("Sign in"),
    HTTPStatus.FORBIDDEN: N_("Not allowed"),
    HTTPStatus.NOT_FOUND: N_("Not found"),
    HTTPStatus.CONFLICT: N_("Not possible now"),
    HTTPStatus.SERVICE_UNAVAILABLE: N_("Not possible now"),
    HTTPStatus.TOO_MANY_REQUESTS: N_("Too many"),
}

log = logs.get("lockwright.desk.page")


class NoSuchPage(UnknownPlace):
    """Nothing is there."""

    code = "no-such-page"
    message = N_("There is no such page.")


def status_of(error: LockwrightError) -> int:
    """The status of HTTP that goes with an error; of what was typed, 422 (RFC 9110, 15.5.21)."""
    if isinstance(error, KeeperAway):
        return HTTPStatus.SERVICE_UNAVAILABLE
    return error.status if isinstance(error, Refusal) else HTTPStatus.UNPROCESSABLE_ENTITY


class Troubles:
    """Answers in place of a page.

    Args:
        drawing: the templates.
        always_json: whether whoever asks is a program.
    """

    def __init__(self, drawing: Drawing, *, always_json: bool = False) -> None:
        self._drawing = drawing
        self._always_json = always_json
        self.handlers: Mapping[Any, Any] = {
            DatabaseAway: self._away,
            LockwrightError: self._refused,
            HTTPException: self._not_routed,
            Exception: self._unforeseen,
        }

    async def _refused(self, request: Request, error: Exception) -> Response:
        known = error if isinstance(error, LockwrightError) else Failed()
        tell = log.warning if isinstance(known, Refusal) else log.error
        tell("refused", code=known.code, path=_path(request))
        return self._told(request, known)

    async def _away(self, request: Request, error: Exception) -> Response:
        log.error("database away", path=_path(request), reason=str(error))
        return self._told(request, Busy())

    async def _not_routed(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 0
        wrong = WrongMethod() if status == WrongMethod.status else NoSuchPage()
        return await self._refused(request, wrong)

    async def _unforeseen(self, request: Request, error: Exception) -> Response:
        """Starlette raises it once more behind this, and uvicorn logs where it comes from.

        It calls this outside of all that stands around a page.
        """
        log.error("failed", path=_path(request), kind=type(error).__name__)
        with languages.spoken_in(request):
            page = self._told(request, Failed())
        page.headers.update({"Cache-Control": headers.UNKEPT, **headers.ALWAYS})
        return page

    def _told(self, request: Request, error: LockwrightError) -> Response:
        status, told = status_of(error), explain(error)
        more = dict(error.headers) if isinstance(error, Refusal) else {}
        if self._always_json or "application/json" in request.headers.get("accept", ""):
            body = {"code": error.code, "message": told.message, "advice": told.advice}
            return JSONResponse(body, status, more)
        heading = _(_HEADINGS.get(HTTPStatus(status), N_("This was not done")))
        page = self._drawing.page(
            "trouble.html", status=status, heading=heading, error=told, back=places.QUEUE
        )
        page.headers.update(more)
        return page


def _path(request: Request) -> str:
    """The path as it came, escaped; never the query, which may name a client."""
    raw: bytes = request.scope["raw_path"]
    return raw[:_PATH_SHOWN].decode("ascii", "replace")
