"""The requests by which somebody signs in; the pages that send them are ``web``'s.

A script of the sign-in page sends JSON and gets JSON; what is refused goes to the application's
handler of refusals. None of them needs a session, so none has a form's token: the browser says that
a page of ours sent it, and an answer of an authenticator is worth nothing in another browser.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lockwright_desk.http.body import read_body
from lockwright_desk.signin import begun, cookies, forgery
from lockwright_desk.signin.attempts import Entered
from lockwright_desk.signin.bank_routes import BankRoutes
from lockwright_desk.signin.front import BACK, SIGNED_OUT, Front
from lockwright_desk.signin.passkeys import Asked
from lockwright_desk.signin.refusals import SignInUnreadable
from lockwright_desk.signin.sessions import COOKIE
from lockwright_desk.signin.visitor import Visitor

_LONGEST = 32 * 1024
"""Bytes; an authenticator's answer has about one thousand."""
_JSON = "application/json"

InThread = Callable[..., Awaitable[Any]]


def routes(front: Front, in_thread: InThread, root: str, home: str) -> list[Route]:
    """All of them.

    Args:
        front: what they are done with.
        in_thread: calls a function that may wait, with its arguments.
        root: the path that they are below.
        home: where somebody goes who has signed in.
    """
    served = SignInRoutes(front, in_thread, home)
    posts = {
        "code": served.code,
        "code/passkey": served.enrol,
        "passkey/begin": served.begin,
        "passkey": served.passkey,
        "certificate": served.certificate,
    }
    found = [Route(f"{root}/{path}", each, methods=["POST"]) for path, each in posts.items()]
    if front.bank is not None:
        bank = BankRoutes(front, front.bank, in_thread, home)
        found += [
            Route(f"{root}/oidc", bank.to_it, methods=["GET"]),
            Route(BACK, bank.from_it, methods=["GET"]),
            Route(SIGNED_OUT, bank.sign_out, methods=["POST"]),
        ]
    return found


class SignInRoutes:
    """Each of them.

    Args:
        front: what they are done with.
        in_thread: calls a function that may wait, with its arguments.
        home: where somebody goes who has signed in.
    """

    def __init__(self, front: Front, in_thread: InThread, home: str) -> None:
        self._front = front
        self._in_thread = in_thread
        self._home = home

    async def code(self, request: Request) -> Response:
        """``{"code": ...}``: begin to enrol a passkey; the answer is the options for it."""
        visitor, said = await self._said(request)
        asked = await self._in_thread(
            self._front.passkeys.begin_enrolment, visitor, _text(said, "code")
        )
        return _options(asked)

    async def enrol(self, request: Request) -> Response:
        """``{"answer": {...}, "label": ...}``: the passkey that was made."""
        visitor, said = await self._said(request)
        entered = await self._in_thread(
            self._front.passkeys.enrol,
            visitor,
            request.cookies.get(begun.COOKIE),
            _answer(said),
            _text(said, "label"),
        )
        return await self._entered(request, entered)

    async def begin(self, request: Request) -> Response:
        """``{}``: begin to sign in; the answer is the options for it."""
        visitor, _said = await self._said(request)
        return _options(await self._in_thread(self._front.passkeys.begin, visitor))

    async def passkey(self, request: Request) -> Response:
        """``{"answer": {...}}``: what the passkey has signed."""
        visitor, said = await self._said(request)
        entered = await self._in_thread(
            self._front.passkeys.sign_in,
            visitor,
            request.cookies.get(begun.COOKIE),
            _answer(said),
        )
        return await self._entered(request, entered)

    async def certificate(self, request: Request) -> Response:
        """``{}``: sign in by the certificate of the connection."""
        visitor, _said = await self._said(request)
        entered = await self._in_thread(self._front.certificates.sign_in, visitor)
        return await self._entered(request, entered)

    async def _said(self, request: Request) -> tuple[Visitor, Mapping[str, object]]:
        """Who asks, and the JSON object that was sent.

        Raises:
            FromElsewhere: another site's page sent it.
            SignInUnreadable: it is none.
        """
        forgery.check_origin(request.headers, self._front.settings.origin)
        visitor = Visitor.of(request, self._front.configuration)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
            raise SignInUnreadable
        body = await read_body(request.stream(), request.headers.get("content-length"), _LONGEST)
        try:
            said = json.loads(body)
        except (ValueError, RecursionError):
            raise SignInUnreadable from None
        if not isinstance(said, dict):
            raise SignInUnreadable
        return visitor, said

    async def _entered(self, request: Request, entered: Entered) -> Response:
        # A session that the browser still had is of no use to anybody any more.
        if before := request.cookies.get(COOKIE):
            await self._in_thread(self._front.sessions.end, before, self._front.now())
        return cookies.with_session(JSONResponse({"go": self._home}), entered.cookie)


def _options(asked: Asked) -> Response:
    return cookies.with_begun(Response(asked.options, media_type=_JSON), asked.cookie)


def _text(said: Mapping[str, object], name: str) -> str:
    found = said.get(name, "")
    if not isinstance(found, str) or "\0" in found:
        raise SignInUnreadable
    return found


def _answer(said: Mapping[str, object]) -> str:
    """An authenticator's answer, which the library reads as JSON again."""
    found = said.get("answer")
    if not isinstance(found, dict):
        raise SignInUnreadable
    return json.dumps(found)
