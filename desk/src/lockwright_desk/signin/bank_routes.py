"""The way to the bank's own sign-in and back, and its word that somebody has signed out there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lockwright_desk.http.body import read_body
from lockwright_desk.signin import begun, cookies, forgery
from lockwright_desk.signin.front import Front
from lockwright_desk.signin.refusals import ProviderRefused, SignInUnreadable
from lockwright_desk.signin.sessions import COOKIE
from lockwright_desk.signin.visitor import Visitor

if TYPE_CHECKING:
    from lockwright_desk.signin.bank import BankSignIn

_LONGEST_TOKEN = 16 * 1024
_FIELDS = 8


class BankRoutes:
    """Each of them.

    Args:
        front: what they are done with.
        bank: the bank's own sign-in.
        in_thread: calls a function that may wait, with its arguments.
        home: where somebody goes who has signed in.
    """

    def __init__(
        self, front: Front, bank: BankSignIn, in_thread: Callable[..., Awaitable[Any]], home: str
    ) -> None:
        self._front = front
        self._bank = bank
        self._in_thread = in_thread
        self._home = home

    async def to_it(self, request: Request) -> Response:
        """Go there."""
        forgery.check_not_from_elsewhere(request.headers)
        visitor = Visitor.of(request, self._front.configuration)
        place, cookie = await self._in_thread(self._bank.begin, visitor)
        return cookies.with_begun(RedirectResponse(place, HTTPStatus.SEE_OTHER), cookie)

    async def from_it(self, request: Request) -> Response:
        """Come back."""
        visitor = Visitor.of(request, self._front.configuration)
        entered = await self._in_thread(
            self._bank.sign_in,
            visitor,
            request.cookies.get(begun.COOKIE),
            dict(request.query_params),
        )
        if before := request.cookies.get(COOKIE):
            await self._in_thread(self._front.sessions.end, before, self._front.now())
        return cookies.with_session(
            RedirectResponse(self._home, HTTPStatus.SEE_OTHER), entered.cookie
        )

    async def sign_out(self, request: Request) -> Response:
        """The provider says that somebody has signed out there, by a token that it has signed.

        It is no browser, so nothing is asked of where the request comes from.
        """
        length = request.headers.get("content-length")
        body = await read_body(request.stream(), length, _LONGEST_TOKEN)
        try:
            said = dict(parse_qsl(body.decode("ascii"), max_num_fields=_FIELDS))
        except ValueError:
            raise SignInUnreadable from None
        try:
            await self._in_thread(self._bank.sign_out, said.get("logout_token", ""))
        except ProviderRefused:
            raise SignInUnreadable from None  # 400, by which it knows (Back-Channel Logout, 2.8)
        return Response(headers={"Cache-Control": "no-store"})
