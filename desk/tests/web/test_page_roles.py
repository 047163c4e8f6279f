"""Every route of the pages and the line, for every role and for whoever is signed out, in a table.

``make roles`` prints it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from lockwright_desk.helpdesk.over_line.strangers import Strangers
from lockwright_desk.signin.roles import ALLOWED, Action, Role
from lockwright_desk.signin.sessions import COOKIE, forms_of
from lockwright_desk.web import line_api
from page_desk import PageBrowser, PageDesk
from page_routes import KNOWN, LINE, OPEN, SECRET, TABLE, filled, served

ROUTES = sorted(TABLE)
NEEDED = TABLE | LINE
FIELDS = {"state": "suspended", "revision": "1", "reason": "x", "means": "call-back"}


@dataclass(frozen=True)
class Asked:
    """A route as it was asked for, and by whom."""

    route: tuple[str, str]
    role: Role | None
    status: int
    location: str

    @property
    def refused(self) -> bool:
        """Whether nothing was shown or done."""
        needs = NEEDED[self.route]
        signed_out = self.status == 303 and self.location.startswith("/desk/sign-in")
        no_such_secret = self.status == 404 and needs == SECRET
        return self.status in {401, 403} or no_such_secret or (signed_out and needs != OPEN)


@pytest.fixture(scope="module")
def asked(pages: PageDesk) -> list[Asked]:
    """Every route, asked for by one of each role and by nobody."""
    found = []
    line = line_api.application(pages.site, Strangers(pages.bench.parts()))
    for role in (None, *Role):
        # Whoever suspends, signs out or gives roles away does it to somebody else.
        browser = PageBrowser(pages) if role is None else pages.browser(f"the-{role}", role)
        found += [_asked(pages, browser, route, role) for route in ROUTES]
        its, pages.app = pages.app, line
        found += [_asked(pages, browser, route, role) for route in LINE]
        pages.app = its
    return found


def test_the_table_names_every_route(pages: PageDesk) -> None:
    line = line_api.application(pages.site, Strangers(pages.bench.parts()))

    assert served(pages.app) == set(TABLE)
    assert served(line) == set(LINE)


def test_nothing_is_open_that_the_table_does_not_say(asked: list[Asked]) -> None:
    print("\n".join(_printed(asked)))  # noqa: T201  # `-s` shows it

    wrong = [each for each in asked if each.refused == _may(each)]

    assert wrong == []


def _asked(
    pages: PageDesk, browser: PageBrowser, route: tuple[str, str], role: Role | None
) -> Asked:
    method, path = route
    place = filled(pages, path, role)
    if method == "POST":
        token = forms_of(browser.cookies.get(COOKIE, ""))
        reply = browser.submit(place, FIELDS, token=token)
        if path == "/desk/sign-out" and role is not None:
            browser.cookies.update(pages.browser(f"the-{role}", role).cookies)
    else:
        reply = browser.send(method, place, headers={"sec-fetch-site": "same-origin"})
    return Asked(route, role, reply.status, reply.headers.get("location", ""))


def _may(asked: Asked) -> bool:
    needs = NEEDED[asked.route]
    if needs in {OPEN, SECRET}:
        return needs == OPEN
    return asked.role is not None and (needs == KNOWN or asked.role in ALLOWED[Action(needs)])


def _printed(asked: list[Asked]) -> Iterator[str]:
    who = ("signed out", *Role)
    yield f"\n{'':50}{'needs':>18}{''.join(f'{each:>15}' for each in who)}"
    for route in (*ROUTES, *LINE):
        row = [each.status for each in asked if each.route == route]
        told = "".join(f"{status:>15}" for status in row)
        yield f"{' '.join(route):50}{NEEDED[route]:>18}{told}"
