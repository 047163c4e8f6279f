"""The way to every page: who asks is known, and whatever changes something comes from a page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from lockwright_desk.signin import forgery
from lockwright_desk.signin.refusals import SignInNeeded
from lockwright_desk.signin.roles import Action
from lockwright_desk.signin.sessions import COOKIE
from lockwright_desk.signin.visitor import Visitor
from lockwright_desk.web import places
from lockwright_desk.web.forms import read_form
from lockwright_desk.web.site import Site
from lockwright_desk.web.troubles import NoSuchPage
from lockwright_desk.web.visit import Visit

BY_ITSELF = "x-by-itself"
"""Header of a request that the page makes, and not the person."""

Handler = Callable[[Site, Visit], Response]


@dataclass(frozen=True, slots=True)
class Page:
    """A place and what is there."""

    method: str
    """GET, which changes nothing, or POST."""
    path: str
    handler: Handler


class Door:
    """Lets those in who are signed in.

    Args:
        site: what pages are made with.
    """

    def __init__(self, site: Site) -> None:
        self._site = site

    def opened(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        """What Starlette calls for a page."""

        async def answer(request: Request) -> Response:
            check_text(request)
            form: Mapping[str, str] = {}
            if request.method not in forgery.SAFE:
                forgery.check_origin(request.headers, self._site.front.settings.origin)
                form = await read_form(request)
            visitor = Visitor.of(request, self._site.configuration)
            return await self._site.in_thread(self._answer, page, request, visitor, form)

        return answer

    async def events(self, request: Request) -> Response:
        """Server-sent events, for whoever is signed in as the stream begins."""
        visitor = Visitor.of(request, self._site.configuration)
        visit = await self._site.in_thread(self.visit, request, visitor, {})
        visit.who.require(Action.SEE_CASES)
        headers = {"X-Accel-Buffering": "no"}  # nginx hands each on as it comes
        stream = self._site.events.stream()
        return StreamingResponse(stream, headers=headers, media_type="text/event-stream")

    def visit(self, request: Request, visitor: Visitor, form: Mapping[str, str]) -> Visit:
        """Who asks, and what.

        Raises:
            SignInNeeded: nobody who is signed in.
        """
        cookie = request.cookies.get(COOKIE)
        by_itself = BY_ITSELF in request.headers or request.url.path == places.EVENTS
        session = self._site.front.who_of(cookie, visitor, by_itself=by_itself)
        return Visit(
            session=session,
            visitor=visitor,
            cookie=cookie or "",
            address=self._address(request),
            path=request.path_params,
            query=request.query_params,
            form=form,
        )

    def _answer(
        self, page: Page, request: Request, visitor: Visitor, form: Mapping[str, str]
    ) -> Response:
        try:
            visit = self.visit(request, visitor, form)
        except SignInNeeded:
            if BY_ITSELF in request.headers:
                raise
            back = places.with_query(places.SIGN_IN, back=self._address(request))
            return RedirectResponse(back, 303)
        if request.method not in forgery.SAFE:
            forgery.check_token(visit.session, request.headers, form)
        return page.handler(self._site, visit)

    def _address(self, request: Request) -> str:
        """Where one comes back to: of a form, the page that it stood on."""
        if request.method in forgery.SAFE:
            return places.of(request.url.path, request.url.query)
        said = urlsplit(request.headers.get("referer", ""))
        ours = f"{said.scheme}://{said.netloc}" == self._site.front.settings.origin
        return places.back_to(places.of(said.path, said.query) if ours else None)


def check_text(request: Request) -> None:
    """No database takes a zero in a text, and no address of ours has one.

    Raises:
        NoSuchPage: this has.
    """
    texts = (*request.path_params.values(), *request.query_params.values())
    if any("\0" in str(text) for text in texts):
        raise NoSuchPage
