"""The way to the bank's own sign-in and back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lockwright_desk.signin import begun, cookies, forgery
from lockwright_desk.signin.front import Front
from lockwright_desk.signin.sessions import COOKIE
from lockwright_desk.signin.visitor import Visitor

if TYPE_CHECKING:
    from lockwright_desk.signin.bank import BankSignIn


class BankRoutes:
    """Both of them.

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
