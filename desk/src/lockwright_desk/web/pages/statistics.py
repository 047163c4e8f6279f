"""Statistics: pictures of unblocks by day, vendor and reason, and the same in tables."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from lockwright_desk.helpdesk.statistics import MOST_DAYS, statistics
from lockwright_desk.web import places
from lockwright_desk.web.door import Page
from lockwright_desk.web.pages.numbers import date_in
from lockwright_desk.web.pictures import columns, shares
from lockwright_desk.web.site import Site
from lockwright_desk.web.visit import Visit

_DAYS = 30


def figures(site: Site, visit: Visit) -> Response:
    """The figures of some days; the last thirty unless the query says others."""
    zone = site.settings.hours.zone
    today = site.front.now().astimezone(zone).date()
    last = min(date_in(visit.query.get("until")) or today, today)
    first = date_in(visit.query.get("since")) or last - timedelta(days=_DAYS - 1)
    first = min(max(first, last - timedelta(days=MOST_DAYS - 1)), last)
    found = statistics(site.database, visit.who, first, last, zone)
    return site.page(
        "statistics.html",
        visit,
        found=found,
        by_day=columns([count for _day, count in found.days]),
        by_vendor=shares([each.count for each in found.vendors]),
        by_reason=shares([each.count for each in found.reasons]),
    )


PAGES = (Page("GET", places.STATISTICS, figures),)
