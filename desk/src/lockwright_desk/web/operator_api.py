"""The help desk for an operator's program: JSON, as docs/reference/operator-api.json has it.

A program signs in with the operator's certificate and has a session for it, which it names in a
header. No cookie is read here, so no page of another site can have a browser ask anything, even one
that shows the operator's certificate by itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lockwright_desk.helpdesk.register import find
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.views import CaseAt, CaseSeen
from lockwright_desk.http.languages import InTheClientsLanguage
from lockwright_desk.signin import forgery
from lockwright_desk.signin.refusals import SignInNeeded
from lockwright_desk.signin.roles import Who
from lockwright_desk.signin.sessions import Session
from lockwright_desk.signin.visitor import Visitor
from lockwright_desk.store.tables.cases import Way
from lockwright_desk.web import places
from lockwright_desk.web.door import BY_ITSELF, check_text
from lockwright_desk.web.headers import Headers
from lockwright_desk.web.operator_said import case_said, response_said, token_said
from lockwright_desk.web.programs import (
    QuestionUnfit,
    bearer,
    check_fields,
    number_in,
    read_object,
    text_in,
)
from lockwright_desk.web.site import Site
from lockwright_desk.web.troubles import Troubles

LONGEST = 4096
"""Bytes of a question."""
_OUTCOMES = {each.value: each for each in (Act.WORKED, Act.FAILED, Act.CALL_OFF)}
_CASE = f"{places.OPERATOR}/cases/{{number}}"

Said = Mapping[str, object]
Work = Callable[[Who, Request, Said], Said]


def application(site: Site) -> Starlette:
    """The application over a site.

    Args:
        site: what it is made with.
    """
    api, troubles = _Api(site), Troubles(site.drawing, always_json=True)
    session = f"{places.OPERATOR}/session"
    routes = [
        Route(session, api.sign_in, methods=["POST"]),
        Route(session, api.sign_out, methods=["DELETE"]),
        Route(_CASE, api.asked(api.see, "", 200), methods=["GET"]),
    ]
    for path, work, fields, status in api.questions:
        routes.append(Route(path, api.asked(work, fields, status), methods=["POST"]))
    served = Starlette(
        routes=routes,
        middleware=[Middleware(Headers), Middleware(InTheClientsLanguage)],
        exception_handlers=troubles.handlers,
    )
    served.router.redirect_slashes = False  # to a host that the client has named
    return served


class _Api:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._desk = site.help_desk
        self.questions: tuple[tuple[str, Work, str, int], ...] = (
            (f"{places.OPERATOR}/tokens", self._tokens, "serial", 200),
            (f"{places.OPERATOR}/cases", self._open, "token", 201),
            (f"{_CASE}/verify", self._verify, "revision means", 200),
            (f"{_CASE}/request", self._take, "revision request", 200),
            (f"{_CASE}/words", self._hear, "revision heard", 200),
            (f"{_CASE}/grounds", self._grounds, "revision reason ticket", 200),
            (f"{_CASE}/answer", self._answer, "revision", 200),
            (f"{_CASE}/outcome", self._close, "revision outcome why?", 200),
        )
        """What somebody asks who is signed in, what is said with it, and the answer's status."""

    async def sign_in(self, request: Request) -> Response:
        """By the certificate of the connection."""
        forgery.check_not_from_elsewhere(request.headers)
        check_fields(await read_object(request, LONGEST), "")
        visitor = Visitor.of(request, self._site.configuration)
        entered = await self._site.in_thread(self._site.front.certificates.sign_in, visitor)
        return JSONResponse({"session": entered.cookie, "operator": entered.operator}, 201)

    async def sign_out(self, request: Request) -> Response:
        """The session is worth nothing any more."""
        visitor, value = Visitor.of(request, self._site.configuration), bearer(request)

        def end() -> None:
            session = self._session(value, visitor, by_itself=False)
            self._site.front.sign_out(value or "", session)

        await self._site.in_thread(end)
        return Response(status_code=204)

    def asked(
        self, work: Work, fields: str, status: int
    ) -> Callable[[Request], Awaitable[Response]]:
        """What Starlette calls for a question."""

        async def answer(request: Request) -> Response:
            forgery.check_not_from_elsewhere(request.headers)
            check_text(request)
            said: Said = {}
            if request.method not in forgery.SAFE:
                said = await read_object(request, LONGEST)
                check_fields(said, fields)
            visitor, value = Visitor.of(request, self._site.configuration), bearer(request)
            by_itself = BY_ITSELF in request.headers

            def done() -> Said:
                session = self._session(value, visitor, by_itself=by_itself)
                return work(session.who, request, said)

            return JSONResponse(await self._site.in_thread(done), status)

        return answer

    def _session(self, value: str | None, visitor: Visitor, *, by_itself: bool) -> Session:
        """Who asks.

        Raises:
            SignInNeeded: nobody who is signed in.
        """
        if value is None:
            raise SignInNeeded
        return self._site.front.who_of(value, visitor, by_itself=by_itself)

    def _tokens(self, who: Who, _request: Request, said: Said) -> Said:
        page = find.tokens_ending(self._site.database, who, text_in(said, "serial"))
        return {"tokens": [token_said(each) for each in page.rows], "more": page.next is not None}

    def _open(self, who: Who, _request: Request, said: Said) -> Said:
        return self._case(self._desk.open(who, number_in(said, "token"), Way.DICTATED))

    def see(self, who: Who, request: Request, _said: Said) -> Said:
        """A case as it is now."""
        return self._case(self._desk.case(who, request.path_params["number"]))

    def _verify(self, who: Who, request: Request, said: Said) -> Said:
        return self._case(self._desk.verify(who, _at(request, said), text_in(said, "means")))

    def _take(self, who: Who, request: Request, said: Said) -> Said:
        taken = self._desk.take_request(who, _at(request, said), text_in(said, "request"))
        return {"case": self._case(taken.case), "notes": list(taken.notes)}

    def _hear(self, who: Who, request: Request, said: Said) -> Said:
        heard = None if said["heard"] is None else text_in(said, "heard")
        return self._case(self._desk.hear_words(who, _at(request, said), heard))

    def _grounds(self, who: Who, request: Request, said: Said) -> Said:
        reason, ticket = text_in(said, "reason"), text_in(said, "ticket")
        return self._case(self._desk.give_grounds(who, _at(request, said), reason, ticket))

    def _answer(self, who: Who, request: Request, said: Said) -> Said:
        with self._desk.answer(who, _at(request, said)) as given:
            case = self._case(self._desk.case(who, given.case))
            return {"case": case, "response": response_said(given)}

    def _close(self, who: Who, request: Request, said: Said) -> Said:
        at, outcome = _at(request, said), _OUTCOMES.get(text_in(said, "outcome"))
        if outcome is None:
            raise QuestionUnfit(field="outcome")
        return self._case(self._desk.close(who, at, outcome, text_in(said, "why")))

    def _case(self, case: CaseSeen) -> Said:
        return case_said(case, words_typed=self._site.settings.words_typed)


def _at(request: Request, said: Said) -> CaseAt:
    """The case as the program saw it."""
    return CaseAt(request.path_params["number"], number_in(said, "revision"))
