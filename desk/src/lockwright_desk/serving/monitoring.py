"""Whether the desk lives, whether it can work, and its numbers: on a listener of its own.

It says nothing of anybody and counts no tries, so it is for the bank's own network, in plain HTTP.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from lockwright_desk.configuration.profiles import RENEWAL
from lockwright_desk.enrolment.desk import Desk
from lockwright_desk.enrolment.est.places import CRL, ROOT
from lockwright_desk.serving.metrics import CONTENT_TYPE, Metrics
from lockwright_desk.siem import numbers as siem_numbers
from lockwright_desk.web.places import is_line, is_operators, is_page

_SECONDS = 3.0
"""How long a database may take to answer, until the desk is told not to be ready."""


def monitoring(desk: Desk, metrics: Metrics) -> Starlette:
    """The application of the listener."""
    look: asyncio.Future[str] | None = None

    async def lives(_request: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def ready(_request: Request) -> Response:
        nonlocal look
        # However often it is asked, one thread looks, and uses one connection of the database.
        if look is None or look.done():
            looking = to_thread.run_sync(desk.lacking, abandon_on_cancel=True)
            look = asyncio.ensure_future(looking)
        try:
            lacking = await asyncio.wait_for(asyncio.shield(look), _SECONDS)
        except TimeoutError:
            lacking = "database"
        return PlainTextResponse(*((f"not ready: {lacking}\n", 503) if lacking else ("ready\n",)))

    async def numbers(_request: Request) -> Response:
        text, settings = metrics.text(), desk.settings
        if settings.siem is not None:
            text += await to_thread.run_sync(siem_numbers.text, settings.siem, settings.audit)
        return Response(text, headers={"Content-Type": CONTENT_TYPE})

    return Starlette(
        routes=[Route("/healthz", lives), Route("/readyz", ready), Route("/metrics", numbers)]
    )


def counted(application: Any, metrics: Metrics) -> Any:
    """An application whose answers are counted."""

    async def counting(scope: Any, receive: Any, send: Any) -> None:
        begun = time.monotonic()

        async def sends(message: Any) -> None:
            if message["type"] == "http.response.start":
                seconds = time.monotonic() - begun
                metrics.answered(_operation(scope["path"]), message["status"], seconds)
            await send(message)

        await application(scope, receive, sends)

    return counting


def _operation(path: str) -> str:
    if path == CRL:
        return "crl"
    if is_page(path):
        return "page"
    if is_line(path):
        return "line"
    if is_operators(path):
        return "operator"
    if not path.startswith(f"{ROOT}/"):
        return ""
    return RENEWAL if f"/{RENEWAL}/" in path else path.rstrip("/").rpartition("/")[2]
