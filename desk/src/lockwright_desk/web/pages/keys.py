"""Versions of administrator keys, and which tokens still hang on which."""

from __future__ import annotations

from starlette.responses import Response

from lockwright_desk.helpdesk.register import find, histories
from lockwright_desk.signin.roles import Action
from lockwright_desk.web import places
from lockwright_desk.web.door import Page
from lockwright_desk.web.pages.numbers import number_in
from lockwright_desk.web.site import Site
from lockwright_desk.web.troubles import NoSuchPage
from lockwright_desk.web.visit import Visit


def keys(site: Site, visit: Visit) -> Response:
    """The versions; in every custody the newest is what new tokens get."""
    return site.page("keys.html", visit, versions=histories.key_versions(site.database, visit.who))


def tokens(site: Site, visit: Visit) -> Response:
    """The tokens of one version."""
    visit.who.require(Action.SEE_KEYS)
    number = number_in(visit.path["number"])
    versions = histories.key_versions(site.database, visit.who)
    version = next((each for each in versions if each.id == number), None)
    if version is None:
        raise NoSuchPage
    after = visit.query.get("after")
    page = find.tokens_with(site.database, visit.who, version.id, after=after)
    older = page.next and places.with_query(f"{places.KEYS}/{version.id}", after=page.next)
    return site.page("key_tokens.html", visit, version=version, page=page, older=older)


PAGES = (
    Page("GET", places.KEYS, keys),
    Page("GET", f"{places.KEYS}/{{number}}", tokens),
)
