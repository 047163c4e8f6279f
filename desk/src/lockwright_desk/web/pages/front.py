"""The pages before anybody is known, signing out, and the choice of a language."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from lockwright import i18n
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from lockwright_desk.signin import cookies, forgery, routes
from lockwright_desk.signin.refusals import SignInNeeded
from lockwright_desk.signin.sessions import COOKIE
from lockwright_desk.signin.visitor import Visitor
from lockwright_desk.web import languages, places
from lockwright_desk.web.forms import read_form
from lockwright_desk.web.site import Site


def open_routes(site: Site) -> list[Route]:
    """Routes that are open to everybody."""
    door = FrontDoor(site)
    return [
        Route(places.SIGN_IN, door.page, methods=["GET"]),
        Route(places.ENROL, door.enrolment_page, methods=["GET"]),
        Route(places.SIGN_OUT, door.sign_out, methods=["POST"]),
        Route(places.LANGUAGE, door.language, methods=["POST"]),
        *routes.routes(site.front, site.in_thread, places.SIGN_IN, places.ROOT),
    ]


class FrontDoor:
    """What is done before anybody is known.

    Args:
        site: what pages are made with.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._front = site.front

    async def page(self, request: Request) -> Response:
        """How one can sign in."""
        back = places.back_to(request.query_params.get("back"))
        return self._site.drawing.page(
            "sign_in.html", back=back, address=places.of(request.url.path, request.url.query)
        )

    async def enrolment_page(self, request: Request) -> Response:
        """To enrol a passkey with a sign-in code."""
        back = places.ROOT
        return self._site.drawing.page(
            "enrol.html", back=back, address=places.of(request.url.path, request.url.query)
        )

    async def sign_out(self, request: Request) -> Response:
        """End the session; of the desk's pages the browser has kept none."""
        form = await self._form(request)
        visitor = Visitor.of(request, self._site.configuration)
        await self._site.in_thread(self._sign_out, request, visitor, form)
        answer = RedirectResponse(places.SIGN_IN, HTTPStatus.SEE_OTHER)
        cookies.take_back(answer, COOKIE)
        return answer

    async def language(self, request: Request) -> Response:
        """Choose a language; the browser keeps it, and nothing changes here."""
        form = await self._form(request)
        answer = RedirectResponse(places.back_to(form.get("back")), HTTPStatus.SEE_OTHER)
        if (chosen := form.get("language")) in i18n.LANGUAGES:
            cookies.give(answer, languages.COOKIE, chosen or "", languages.KEPT_SECONDS)
        return answer

    def _sign_out(self, request: Request, visitor: Visitor, form: Mapping[str, str]) -> None:
        cookie = request.cookies.get(COOKIE)
        try:
            session = self._front.who_of(cookie, visitor, by_itself=True)
        except SignInNeeded:
            return  # over by now
        forgery.check_token(session, request.headers, form)
        self._front.sign_out(cookie or "", session)

    async def _form(self, request: Request) -> Mapping[str, str]:
        forgery.check_origin(request.headers, self._front.settings.origin)
        return await read_form(request)
