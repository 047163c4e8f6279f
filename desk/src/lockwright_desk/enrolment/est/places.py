"""Where things are, and what a client is told that looks for them elsewhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lockwright_desk.configuration.profiles import OPERATIONS
from lockwright_desk.enrolment.refusals import UnknownOperation
from lockwright_desk.http.refusals import Refusal, UnknownPlace

ROOT = "/.well-known/est"
CRL = "/crl"

Handler = Callable[[Request], Awaitable[Response]]


def routes(operation: str, handler: Handler, method: str) -> Iterator[Route]:
    """The paths of an operation: with and without a label, and with a slash behind it."""
    for place in (f"{ROOT}/{operation}", f"{ROOT}/{{label}}/{operation}"):
        for end in ("", "/"):
            yield Route(place + end, handler, methods=[method])


def nothing_at(path: str) -> Refusal:
    """What is said of a path at which there is nothing."""
    if path.startswith(ROOT):
        return UnknownOperation(operations=tuple(sorted(OPERATIONS)))
    return UnknownPlace()


def url_of(profile: str, scheme: str, host: str, port: int) -> str:
    """Where clients find a profile; its operations are below."""
    return f"{origin(scheme, host, port)}{ROOT}/{profile}"


def origin(scheme: str, host: str, port: int) -> str:
    """The beginning of every URL of a listener."""
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
