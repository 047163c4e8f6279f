"""The queue: cases that are open, live; and those that wait for a second person."""

from __future__ import annotations

from http import HTTPStatus

from lockwright.errors import LockwrightError
from lockwright.explain import explain
from starlette.responses import RedirectResponse, Response

from lockwright_desk.helpdesk import states
from lockwright_desk.helpdesk.views import Filters
from lockwright_desk.signin.roles import Action, NotAllowed
from lockwright_desk.store.tables.cases import CaseState
from lockwright_desk.web import places
from lockwright_desk.web.door import Page
from lockwright_desk.web.forms import Typed
from lockwright_desk.web.pages.numbers import number_in
from lockwright_desk.web.site import Site
from lockwright_desk.web.troubles import status_of
from lockwright_desk.web.visit import Visit

SHOWN = ("open", "mine", "answered", "closed", "all")
"""What of the queue can be chosen."""
_ANSWERED = frozenset({CaseState.ANSWERED})


def first(_site: Site, visit: Visit) -> Response:
    """Whoever signs in begins with the queue; who approves and nothing else, with that."""
    approves = visit.who.may(Action.DECIDE) and not visit.who.may(Action.WORK_ON_CASES)
    return RedirectResponse(places.APPROVALS if approves else places.QUEUE, 303)


def queue(site: Site, visit: Visit) -> Response:
    """The queue."""
    return _queue_page(site, visit)


def take_line(site: Site, visit: Visit) -> Response:
    """Somebody calls, and reads a number out; a number that was misheard stays to be mended."""
    try:
        case = site.help_desk.take_line(visit.who, visit.form.get("number", ""))
    except NotAllowed:
        raise
    except LockwrightError as error:
        if site.strangers is None:
            raise
        return _queue_page(site, visit, error)
    return RedirectResponse(f"{places.CASES}/{case.number}", 303)


def approvals(site: Site, visit: Visit) -> Response:
    """What waits for whoever asks, the longest first."""
    visit.who.require(Action.DECIDE)
    filters = Filters(
        states=frozenset({CaseState.WAITING}), not_opened_by=visit.who.name, oldest_first=True
    )
    page = site.help_desk.queue(visit.who, filters, after=number_in(visit.query.get("after")))
    older = page.after and places.with_query(places.APPROVALS, after=page.after)
    return site.page("approvals.html", visit, page=page, older=older)


PAGES = (
    Page("GET", places.ROOT, first),
    Page("GET", places.QUEUE, queue),
    Page("POST", places.LINES, take_line),
    Page("GET", places.APPROVALS, approvals),
)


def _queue_page(site: Site, visit: Visit, error: LockwrightError | None = None) -> Response:
    shown = visit.query.get("show", SHOWN[0])
    filters = _filters(shown, visit.who.name)
    page = site.help_desk.queue(visit.who, filters, after=number_in(visit.query.get("after")))
    return site.page(
        "queue.html",
        visit,
        status=status_of(error) if error else HTTPStatus.OK,
        error=explain(error) if error else None,
        typed=Typed(visit.form),
        page=page,
        lines=site.help_desk.lines(visit.who) if site.strangers is not None else None,
        shown=shown if shown in SHOWN else SHOWN[0],
        choices=SHOWN,
        older=page.after and places.with_query(places.QUEUE, show=shown, after=page.after),
    )


def _filters(shown: str, name: str) -> Filters:
    match shown:
        case "all":
            return Filters()
        case "mine":
            return Filters(states=states.OPEN, opened_by=name)
        case "answered":
            return Filters(states=_ANSWERED)
        case "closed":
            return Filters(states=states.CLOSED)
        case _:
            return Filters(states=states.OPEN)
