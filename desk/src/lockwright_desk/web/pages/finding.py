"""Finding whoever calls: by name, login, serial number or its last digits; clients and tokens."""

from __future__ import annotations

from http import HTTPStatus

from lockwright.errors import LockwrightError
from lockwright.explain import explain
from lockwright.i18n import N_
from starlette.responses import RedirectResponse, Response

from lockwright_desk.helpdesk.register import change, change_clients, find, histories
from lockwright_desk.helpdesk.register.errors import (
    ClientBusy,
    TokenChanged,
    UnknownClient,
    UnknownToken,
)
from lockwright_desk.helpdesk.register.shown import ClientShown, TokenShown
from lockwright_desk.helpdesk.register.transitions import following
from lockwright_desk.helpdesk.views import Filters
from lockwright_desk.http.refusals import Refusal
from lockwright_desk.signin.roles import Action, NotAllowed
from lockwright_desk.store.tables.cases import Way
from lockwright_desk.store.tables.register import TokenState
from lockwright_desk.web import places
from lockwright_desk.web.door import Page
from lockwright_desk.web.forms import Typed
from lockwright_desk.web.pages.numbers import number_in
from lockwright_desk.web.site import Site
from lockwright_desk.web.troubles import NoSuchPage, status_of
from lockwright_desk.web.visit import Visit

_ON_PAGE = 25
_CASES = 10
_LONGEST = 200


class LoginTypedOtherwise(Refusal):
    """The login that was typed is not the client's."""

    code = "login-typed-otherwise"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    usual_cost = N_("Nothing was changed.")
    message = N_("This is not the login of this client.")


def finding(site: Site, visit: Visit) -> Response:
    """What a text finds; one token that it means is not shown as a list of one."""
    visit.who.require(Action.FIND)
    asked = visit.query.get("q", "").strip()[:_LONGEST]
    found = find.anything(site.database, visit.who, asked, size=_ON_PAGE) if asked else None
    return site.page("find.html", visit, asked=asked, found=found)


def client(site: Site, visit: Visit) -> Response:
    """A client: what is on record, what is held, what the calls were."""
    return _client_page(site, visit, _client(site, visit))


def remove_client(site: Site, visit: Visit) -> Response:
    """Take away whatever says who a client is; the login is typed, so that it is meant."""
    visit.who.require(Action.CHANGE_REGISTER)
    known = _client(site, visit)
    try:
        if visit.form.get("login", "") != known.login:
            raise LoginTypedOtherwise
        change_clients.remove(site.register, visit.who, known)
    except NotAllowed:
        raise
    except LockwrightError as error:
        return _client_page(site, visit, known, error)
    return RedirectResponse(f"{places.CLIENTS}/{known.id}", 303)


def _client(site: Site, visit: Visit) -> ClientShown:
    try:
        return find.client_by_id(site.database, visit.who, _number(visit))
    except UnknownClient:
        raise NoSuchPage from None


def _client_page(
    site: Site, visit: Visit, known: ClientShown, error: LockwrightError | None = None
) -> Response:
    number = known.id
    return site.page(
        "client.html",
        visit,
        status=200 if error is None else _status(error),
        error=explain(error) if error else None,
        client=known,
        tokens=find.tokens_of(site.database, visit.who, number).rows,
        held=histories.held_by(site.database, visit.who, number, size=_ON_PAGE).rows,
        cases=_cases(site, visit, Filters(client_id=number)),
    )


def token(site: Site, visit: Visit) -> Response:
    """A token: whose it is, in which state, and what can be done with it."""
    return _token_page(site, visit, _token(site, visit))


def open_case(site: Site, visit: Visit) -> Response:
    """Somebody calls about a token."""
    number = _number(visit)
    try:
        case = site.help_desk.open(visit.who, number, Way.DICTATED)
    except NotAllowed:
        raise
    except LockwrightError as error:
        return _token_page(site, visit, _token(site, visit), error)
    return RedirectResponse(f"{places.CASES}/{case.number}", 303)


def set_state(site: Site, visit: Visit) -> Response:
    """Suspend a token, note that it was lost, and the like."""
    shown, wanted = _token(site, visit), visit.form.get("state", "")
    if wanted not in set(TokenState):
        raise NoSuchPage
    try:
        if str(shown.revision) != visit.form.get("revision"):
            raise TokenChanged(serial=shown.serial)
        reason = visit.form.get("reason", "")
        change.set_state(site.register, visit.who, shown, TokenState(wanted), reason)
    except NotAllowed:
        raise
    except LockwrightError as error:
        return _token_page(site, visit, shown, error)
    return RedirectResponse(f"{places.TOKENS}/{shown.id}", 303)


PAGES = (
    Page("GET", places.FIND, finding),
    Page("GET", f"{places.CLIENTS}/{{number}}", client),
    Page("POST", f"{places.CLIENTS}/{{number}}/remove", remove_client),
    Page("GET", f"{places.TOKENS}/{{number}}", token),
    Page("POST", f"{places.TOKENS}/{{number}}/cases", open_case),
    Page("POST", f"{places.TOKENS}/{{number}}/state", set_state),
)


def _number(visit: Visit) -> int:
    number = number_in(visit.path["number"])
    if number is None:
        raise NoSuchPage
    return number


def _token(site: Site, visit: Visit) -> TokenShown:
    try:
        return find.token(site.database, visit.who, _number(visit))
    except UnknownToken:
        raise NoSuchPage from None


def _token_page(
    site: Site, visit: Visit, shown: TokenShown, error: LockwrightError | None = None
) -> Response:
    possible = following(shown.state)
    return site.page(
        "token.html",
        visit,
        status=200 if error is None else _status(error),
        token=shown,
        holders=histories.holders_of(site.database, visit.who, shown.id, size=_ON_PAGE).rows,
        changes=histories.changes_of(site.database, visit.who, shown.id, size=_ON_PAGE).rows,
        cases=_cases(site, visit, Filters(token_id=shown.id)),
        states=[each for each, action in possible.items() if visit.who.may(action)],
        error=explain(error) if error else None,
        typed=Typed(visit.form),
    )


def _status(error: LockwrightError) -> int:
    if isinstance(error, TokenChanged | ClientBusy):
        return HTTPStatus.CONFLICT
    return status_of(error)


def _cases(site: Site, visit: Visit, filters: Filters) -> object:
    return site.help_desk.queue(visit.who, filters, most=_CASES).cases
