"""The ASGI application: EST, and the revocation list beside it."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from lockwright import log as logs
from lockwright.console.clean import clean
from lockwright.errors import AuditUnwritable, LockwrightError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lockwright_desk.configuration.profiles import RENEWAL, Profile
from lockwright_desk.configuration.settings import Settings
from lockwright_desk.enrolment import renewal
from lockwright_desk.enrolment.desk import Asked, Desk
from lockwright_desk.enrolment.est import attributes, http_answers, places
from lockwright_desk.enrolment.est.credentials import credentials_in
from lockwright_desk.enrolment.refusals import CredentialsMissing, UnknownLabel
from lockwright_desk.enrolment.request import decode
from lockwright_desk.errors import DatabaseAway, OtpKeyReplaced
from lockwright_desk.http.body import LONGEST, read_body
from lockwright_desk.http.caller import Caller
from lockwright_desk.http.languages import InTheClientsLanguage
from lockwright_desk.http.refusals import (
    Busy,
    Failed,
    Refusal,
    UnknownPlace,
    WrongMediaType,
    WrongMethod,
)

_PATH_SHOWN = 200
"""Bytes of a path that a line of the log has at most."""

log = logs.get("lockwright.desk")

_T = TypeVar("_T")
_Handler = Callable[["Est", Request], Awaitable[Response]]


def application(desk: Desk) -> Starlette:
    """The application over a desk."""
    est = Est(desk)
    gets = {"cacerts": est.ca_certificates, "csrattrs": est.csr_attributes}
    posts = {"simpleenroll": est.enroll, "simplereenroll": est.reenroll}
    routes = [Route(places.CRL, est.revocation_list, methods=["GET"])]
    for method, operations in (("GET", gets), ("POST", posts)):
        for operation, handler in operations.items():
            routes += places.routes(operation, handler, method)
    routes += places.routes(f"{RENEWAL}/{{certificate}}", est.renewal_info, "GET")
    served = Starlette(
        routes=routes,
        middleware=[Middleware(InTheClientsLanguage)],
        exception_handlers={
            Refusal: _refused,
            DatabaseAway: functools.partial(_away, "database away", desk.settings),
            OtpKeyReplaced: functools.partial(
                _away, "key of one-time passwords away", desk.settings
            ),
            AuditUnwritable: functools.partial(_away, "audit trail away", desk.settings),
            LockwrightError: _failed,
            HTTPException: functools.partial(_not_routed, desk.settings),
            Exception: _unforeseen,
        },
    )
    served.router.redirect_slashes = False  # to a host that the client has named
    return served


class Est:
    """The operations of EST.

    What may wait, for the database, for a password's hash or for the token, runs in threads, as
    many as there are connections to the database. What anybody may ask, the revocation list and
    when to renew, has one of its own: however many ask, they keep nobody from enrolling.

    Args:
        desk: what they are done with.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._threads = CapacityLimiter(desk.threads)
        self._thread_of_lists = CapacityLimiter(1)

    async def ca_certificates(self, request: Request) -> Response:
        """``/cacerts``."""
        self._caller(request)
        self._profile(request)
        return http_answers.certificates(request.headers, self._desk.authority.chain)

    async def csr_attributes(self, request: Request) -> Response:
        """``/csrattrs``: what the profile wants a request to say."""
        self._caller(request)
        wished = attributes.wished(self._profile(request))
        return http_answers.attributes(request.headers, wished)

    async def enroll(self, request: Request) -> Response:
        """``/simpleenroll``."""
        asked = await self._asked(request)
        answer = await self._in_thread(self._desk.enroll, asked)
        return http_answers.outcome(request.headers, answer)

    async def reenroll(self, request: Request) -> Response:
        """``/simplereenroll``."""
        asked = await self._asked(request)
        answer = await self._in_thread(self._desk.reenroll, asked)
        return http_answers.outcome(request.headers, answer)

    async def revocation_list(self, request: Request) -> Response:
        """``/crl``."""
        self._caller(request)
        desk = self._desk
        found = await to_thread.run_sync(
            lambda: desk.lists.current(desk.now()), limiter=self._thread_of_lists
        )
        return http_answers.revocation_list(found)

    async def renewal_info(self, request: Request) -> Response:
        """When a certificate is to be renewed (RFC 9773); anybody may ask."""
        self._caller(request)
        self._profile(request)
        desk, name = self._desk, request.path_params["certificate"]
        found = await to_thread.run_sync(
            lambda: renewal.asked(desk.database, desk.settings, name, desk.now()),
            limiter=self._thread_of_lists,
        )
        return http_answers.renewal(found, desk.settings.renewal)

    async def _asked(self, request: Request) -> Asked:
        caller = self._caller(request)
        profile = self._profile(request)
        media_type = request.headers.get("content-type", "").partition(";")[0]
        if media_type.strip().lower() != http_answers.PKCS10:
            raise WrongMediaType
        body = await read_body(request.stream(), request.headers.get("content-length"), LONGEST)
        credentials = credentials_in(request.headers.get("authorization"))
        if credentials is None and caller.certificate is None:
            raise CredentialsMissing  # first: some ask without a body which scheme is wanted
        return Asked(
            profile=profile,
            csr=decode(body),
            address=caller.address,
            credentials=credentials,
            certificate=caller.certificate,
        )

    def _caller(self, request: Request) -> Caller:
        return Caller.of(request, self._desk.settings)

    def _profile(self, request: Request) -> Profile:
        """The profile that the label names; without one, the first of the configuration."""
        profiles = self._desk.settings.profiles
        label = request.path_params.get("label") or next(iter(profiles))
        if label not in profiles:
            raise UnknownLabel(profiles=tuple(profiles))
        return profiles[label]

    async def _in_thread(self, work: Callable[..., _T], *arguments: object) -> _T:
        return await to_thread.run_sync(functools.partial(work, *arguments), limiter=self._threads)


async def _refused(request: Request, error: Exception) -> Response:
    refusal = error if isinstance(error, Refusal) else Failed()
    # Whoever shows no password unasked asks first which login is wanted: no trouble.
    tell = log.info if isinstance(refusal, CredentialsMissing) else log.warning
    tell("refused", code=refusal.code, path=_path(request), cause=_cause(refusal))
    return http_answers.refusal(refusal)


async def _not_routed(settings: Settings, request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException) or error.status_code != WrongMethod.status:
        return await _refused(request, _nothing_here(request, settings))
    answer = await _refused(request, WrongMethod())
    answer.headers.update(error.headers or {})  # which methods there are
    return answer


def _nothing_here(request: Request, settings: Settings) -> Refusal:
    try:
        Caller.of(request, settings)
    except Refusal:  # a stranger, where a proxy alone is served
        return UnknownPlace()
    return places.nothing_at(request.url.path)


async def _away(event: str, settings: Settings, request: Request, error: Exception) -> Response:
    """Nothing is lost: whoever asked asks again, and whoever runs the desk sees who it was."""
    log.error(
        event,
        path=_path(request),
        address=_address(request, settings),
        login=_login(request),
        reason=str(error),
    )
    return http_answers.refusal(Busy())


async def _failed(request: Request, error: Exception) -> Response:
    """What went wrong goes into the log, and none of it to the client."""
    code = error.code if isinstance(error, LockwrightError) else None
    log.error("failed", code=code, path=_path(request), reason=str(error))
    return http_answers.refusal(Failed())


async def _unforeseen(request: Request, error: Exception) -> Response:
    """Starlette raises it once more behind this, and uvicorn logs where it comes from."""
    log.error("failed", path=_path(request), kind=type(error).__name__)
    return http_answers.refusal(Failed())


def _path(request: Request) -> str:
    """The path as it came, escaped: what its bytes stand for would act on a terminal."""
    raw: bytes = request.scope["raw_path"]
    return raw[:_PATH_SHOWN].decode("ascii", "replace")


def _cause(refusal: Refusal) -> str | None:
    return None if refusal.__cause__ is None else type(refusal.__cause__).__name__


def _address(request: Request, settings: Settings) -> str:
    with suppress(Refusal):
        return clean(Caller.of(request, settings).address)
    return clean(request.client.host if request.client else "")


def _login(request: Request) -> str | None:
    with suppress(Refusal):
        found = credentials_in(request.headers.get("authorization"))
        return clean(found.login) if found else None
    return None
