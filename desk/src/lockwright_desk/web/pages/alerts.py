"""What somebody should look at."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from lockwright_desk.web import places
from lockwright_desk.web.door import Page
from lockwright_desk.web.pages.numbers import number_in
from lockwright_desk.web.site import Site
from lockwright_desk.web.troubles import NoSuchPage
from lockwright_desk.web.visit import Visit

_ON_PAGE = 50


def alerts(site: Site, visit: Visit) -> Response:
    """Alerts, the newest first; what somebody has looked at only if it is asked for."""
    everything = visit.query.get("show") == "all"
    after = number_in(visit.query.get("after"))
    listed = site.help_desk.alerts(visit.who, everything=everything, after=after, most=_ON_PAGE + 1)
    shown, more = listed[:_ON_PAGE], len(listed) > _ON_PAGE
    show = "all" if everything else None
    older = places.with_query(places.ALERTS, show=show, after=shown[-1].id) if more else None
    return site.page("alerts.html", visit, alerts=shown, everything=everything, older=older)


def seen(site: Site, visit: Visit) -> Response:
    """Somebody has looked at one."""
    number = number_in(visit.path["number"])
    if number is None:
        raise NoSuchPage
    site.help_desk.seen(visit.who, number)
    return RedirectResponse(places.ALERTS, 303)


PAGES = (
    Page("GET", places.ALERTS, alerts),
    Page("POST", f"{places.ALERTS}/{{number}}/seen", seen),
)
