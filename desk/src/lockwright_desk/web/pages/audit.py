"""The audit trail of this server: with filters, and to be taken away as a file."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from lockwright.audit.reading import lines, newest
from lockwright.audit.shown import csv_of
from lockwright.audit.wanted import Wanted
from starlette.responses import Response, StreamingResponse

from lockwright_desk.signin.roles import Action
from lockwright_desk.web import places
from lockwright_desk.web.door import Page
from lockwright_desk.web.pages.numbers import date_in, number_in
from lockwright_desk.web.site import Site
from lockwright_desk.web.visit import Visit

_LONGEST = 200
_FIELDS = ("hook", "text", "since", "until")


def trail(site: Site, visit: Visit) -> Response:
    """Operations, the newest first."""
    visit.who.require(Action.SEE_AUDIT)
    said = {name: visit.query.get(name, "").strip()[:_LONGEST] for name in _FIELDS}
    part = newest(
        site.configuration.audit,
        _wanted(site, said),
        before=number_in(visit.query.get("before")),
    )
    older = part.before and places.with_query(places.AUDIT, **said, before=part.before)
    return site.page("audit.html", visit, part=part, said=said, older=older)


def export(site: Site, visit: Visit) -> Response:
    """The same as a file; that it was taken away is itself on record."""
    visit.who.require(Action.SEE_AUDIT)
    said = {name: visit.form.get(name, "")[:_LONGEST] for name in _FIELDS}
    form = "csv" if visit.form.get("form") == "csv" else "jsonl"
    with site.audit.operation(
        "desk_audit_export", operator=visit.who.name, form=form, filters=said
    ):
        found = lines(site.configuration.audit, _wanted(site, said))
    name = f"audit-{site.front.now():%Y%m%d-%H%M%S}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if form == "csv":
        return StreamingResponse(csv_of(found), headers=headers, media_type="text/csv")
    return StreamingResponse(found, headers=headers, media_type="application/jsonl")


PAGES = (
    Page("GET", places.AUDIT, trail),
    Page("POST", f"{places.AUDIT}/export", export),
)


def _wanted(site: Site, said: dict[str, str]) -> Wanted:
    zone = site.settings.hours.zone
    since, until = date_in(said["since"]), date_in(said["until"])
    return Wanted(
        hook=said["hook"],
        text=said["text"],
        since=datetime.combine(since, time(), zone) if since else None,
        until=datetime.combine(until + timedelta(days=1), time(), zone) if until else None,
    )
