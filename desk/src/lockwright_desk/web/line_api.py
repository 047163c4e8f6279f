"""The line's side towards clients' windows: JSON over HTTP, as docs/reference/line-api.json has it.

It knows no session and no cookie, so nothing of it is of use to a page of another site. The secret
of a Request is in a header, never in an address.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Callable

from lockwright.i18n import N_, _
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lockwright_desk.helpdesk.over_line import asked
from lockwright_desk.helpdesk.over_line.asked import LONGEST
from lockwright_desk.helpdesk.over_line.refusals import LineUnfit, LineUnknown
from lockwright_desk.helpdesk.over_line.strangers import Look, Strangers
from lockwright_desk.http.body import read_body
from lockwright_desk.http.caller import Caller
from lockwright_desk.http.languages import InTheClientsLanguage
from lockwright_desk.web import places
from lockwright_desk.web.headers import Headers
from lockwright_desk.web.programs import bearer, is_json
from lockwright_desk.web.site import Site
from lockwright_desk.web.troubles import Troubles

LONGEST_WAIT = 30
"""Seconds for which a question is kept at most."""
LOOK_SECONDS = 5.0
"""After so long it is looked at anyway: that its time is over, nobody tells."""
_WAIT = re.compile(r"\bwait=(\d{1,4})\b")
_NO_JSON = N_("its media type is not application/json")


def application(site: Site, strangers: Strangers) -> Starlette:
    """The application.

    Args:
        site: threads, events, and how troubles are told.
        strangers: what it asks.
    """
    api, troubles = _Api(site, strangers), Troubles(site.drawing, always_json=True)
    served = Starlette(
        routes=[
            Route(f"{places.LINE}/requests", api.open, methods=["POST"]),
            Route(f"{places.LINE}/request", api.look, methods=["GET"]),
            Route(f"{places.LINE}/request", api.call_off, methods=["DELETE"]),
            Route(f"{places.LINE}/request/received", api.received, methods=["POST"]),
        ],
        middleware=[Middleware(Headers), Middleware(InTheClientsLanguage)],
        exception_handlers=troubles.handlers,
    )
    served.router.redirect_slashes = False  # to a host that the client has named
    return served


class _Api:
    def __init__(self, site: Site, strangers: Strangers) -> None:
        self._site = site
        self._strangers = strangers

    async def open(self, request: Request) -> Response:
        """A Request comes."""
        caller = Caller.of(request, self._site.configuration)
        announced = request.headers.get("content-length")
        body = await read_body(request.stream(), announced, LONGEST)
        if not is_json(request):
            raise LineUnfit(reason=_(_NO_JSON))
        found = asked.read(body)
        opened = await self._site.in_thread(self._strangers.open, found, caller.address)
        said = {"number": opened.number, "secret": opened.secret, "seconds": opened.seconds}
        return JSONResponse(said, 201)

    async def look(self, request: Request) -> Response:
        """How it stands, at once or when it stands otherwise (RFC 9110, 13.1.2; RFC 7240, 4.3)."""
        Caller.of(request, self._site.configuration)
        secret, known = _secret(request), request.headers.get("if-none-match", "").strip(' "')
        loop = asyncio.get_running_loop()
        until, noted = loop.time() + _wait(request), True
        with self._site.events.waiting() as changed:
            while True:
                changed.clear()
                found = await self._looked(secret, noted=noted)
                left, noted = until - loop.time(), False
                if found.state != known or left <= 0 or self._site.events.closed:
                    break
                try:
                    async with asyncio.timeout(min(left, LOOK_SECONDS)):
                        await changed.wait()
                except TimeoutError:
                    pass
        headers = {"ETag": f'"{found.state}"'}
        if found.state == known:
            return Response(status_code=304, headers=headers)
        return JSONResponse(_said(found), headers=headers)

    async def received(self, request: Request) -> Response:
        """The client has the Response."""
        return await self._done(request, self._strangers.received)

    async def call_off(self, request: Request) -> Response:
        """Nobody waits any more."""
        return await self._done(request, self._strangers.call_off)

    async def _looked(self, secret: str, *, noted: bool) -> Look:
        return await self._site.in_thread(lambda: self._strangers.look(secret, noted=noted))

    async def _done(self, request: Request, act: Callable[[str], None]) -> Response:
        Caller.of(request, self._site.configuration)
        await self._site.in_thread(act, _secret(request))
        return Response(status_code=204)


def _secret(request: Request) -> str:
    """The secret of a Request (RFC 6750, 2.1).

    Raises:
        LineUnknown: there is none.
    """
    found = bearer(request)
    if found is None:
        raise LineUnknown
    return found


def _wait(request: Request) -> float:
    found = _WAIT.search(request.headers.get("prefer", ""))
    return 0 if found is None else min(int(found[1]), LONGEST_WAIT)


def _said(found: Look) -> dict[str, object]:
    said: dict[str, object] = {"state": found.state, "number": found.number}
    if found.sealed is not None:
        said |= {"by": found.by, "sealed": base64.b64encode(found.sealed).decode()}
    if found.why is not None:
        said["why"] = found.why
    return said
