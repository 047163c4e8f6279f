"""Every route of the pages, for every role and for whoever is signed out: one table, printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from lockwright_desk.signin.roles import ALLOWED, Action, Role, Who
from lockwright_desk.signin.sessions import COOKIE, forms_of
from lockwright_desk.store.tables.cases import Way
from page_desk import PageBrowser, PageDesk
from starlette.routing import Route

CASE, TOKEN, OPERATOR = "/desk/cases/{number}", "/desk/tokens/{number}", "/desk/operators/{name}"
KNOWN = "known"
"""For whoever is signed in."""
OPEN = "open"
"""For everybody."""

TABLE: dict[tuple[str, str], Action | str] = {
    ("GET", "/desk"): KNOWN,
    ("GET", "/desk/static/{mark}/{name}"): OPEN,
    ("GET", "/desk/sign-in"): OPEN,
    ("GET", "/desk/enrol"): OPEN,
    ("POST", "/desk/sign-out"): OPEN,
    ("POST", "/desk/language"): OPEN,
    ("POST", "/desk/sign-in/code"): OPEN,
    ("POST", "/desk/sign-in/code/passkey"): OPEN,
    ("POST", "/desk/sign-in/passkey/begin"): OPEN,
    ("POST", "/desk/sign-in/passkey"): OPEN,
    ("POST", "/desk/sign-in/certificate"): OPEN,
    ("GET", "/desk/events"): Action.SEE_CASES,
    ("GET", "/desk/queue"): Action.SEE_CASES,
    ("POST", "/desk/lines"): Action.WORK_ON_CASES,
    ("GET", "/desk/approvals"): Action.DECIDE,
    ("GET", "/desk/find"): Action.FIND,
    ("GET", "/desk/clients/{number}"): Action.FIND,
    ("POST", "/desk/clients/{number}/remove"): Action.CHANGE_REGISTER,
    ("GET", TOKEN): Action.FIND,
    ("POST", f"{TOKEN}/cases"): Action.WORK_ON_CASES,
    ("POST", f"{TOKEN}/state"): Action.SUSPEND,
    ("GET", CASE): Action.SEE_CASES,
    ("POST", f"{CASE}/verify"): Action.WORK_ON_CASES,
    ("POST", f"{CASE}/request"): Action.WORK_ON_CASES,
    ("POST", f"{CASE}/words"): Action.WORK_ON_CASES,
    ("POST", f"{CASE}/grounds"): Action.WORK_ON_CASES,
    ("POST", f"{CASE}/decision"): Action.DECIDE,
    ("POST", f"{CASE}/answer"): Action.WORK_ON_CASES,
    ("GET", f"{CASE}/answer"): KNOWN,
    ("POST", f"{CASE}/send"): Action.WORK_ON_CASES,
    ("POST", f"{CASE}/outcome"): Action.WORK_ON_CASES,
    ("GET", "/desk/alerts"): Action.SEE_ALERTS,
    ("POST", "/desk/alerts/{number}/seen"): Action.SEE_ALERTS,
    ("GET", "/desk/statistics"): Action.SEE_STATISTICS,
    ("GET", "/desk/audit"): Action.SEE_AUDIT,
    ("POST", "/desk/audit/export"): Action.SEE_AUDIT,
    ("GET", "/desk/keys"): Action.SEE_KEYS,
    ("GET", "/desk/keys/{number}"): Action.SEE_KEYS,
    ("GET", "/desk/operators"): Action.CHANGE_OPERATORS,
    ("POST", "/desk/operators"): Action.CHANGE_OPERATORS,
    ("GET", OPERATOR): Action.CHANGE_OPERATORS,
    ("POST", f"{OPERATOR}/roles"): Action.CHANGE_OPERATORS,
    ("POST", f"{OPERATOR}/suspend"): Action.CHANGE_OPERATORS,
    ("POST", f"{OPERATOR}/restore"): Action.CHANGE_OPERATORS,
    ("POST", f"{OPERATOR}/sign-out"): Action.CHANGE_OPERATORS,
    ("POST", f"{OPERATOR}/code"): Action.CHANGE_OPERATORS,
    ("POST", f"{OPERATOR}/credentials/{{number}}/revoke"): Action.CHANGE_OPERATORS,
}
"""What each route needs."""

ROUTES = sorted(TABLE)
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
        signed_out = self.status == 303 and self.location.startswith("/desk/sign-in")
        return self.status in {401, 403} or (signed_out and TABLE[self.route] != OPEN)


@pytest.fixture(scope="module")
def asked(pages: PageDesk) -> list[Asked]:
    """Every route, asked for by one of each role and by nobody."""
    found = []
    for role in (None, *Role):
        # Whoever suspends, signs out or gives roles away does it to somebody else.
        browser = PageBrowser(pages) if role is None else pages.browser(f"the-{role}", role)
        found += [_asked(pages, browser, route, role) for route in ROUTES]
    return found


def test_the_table_names_every_route(pages: PageDesk) -> None:
    served = {
        (method, route.path)
        for route in pages.app.routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }

    assert served == set(TABLE)


def test_nothing_is_open_that_the_table_does_not_say(asked: list[Asked]) -> None:
    print("\n".join(_printed(asked)))  # noqa: T201  # `-s` shows it

    wrong = [each for each in asked if each.refused == _may(each)]

    assert wrong == []


def test_a_route_that_changes_something_wants_a_form_of_this_session(pages: PageDesk) -> None:
    browser = pages.browser("everything", *Role)
    other = pages.browser("everything", *Role)

    for method, path in ROUTES:
        if method == "POST" and TABLE[method, path] != OPEN:
            place = _filled(pages, path, None)
            for token in ("", "0" * 64, forms_of(other.cookies[COOKIE])):
                assert browser.submit(place, token=token).status == 403, (path, token)


def _asked(
    pages: PageDesk, browser: PageBrowser, route: tuple[str, str], role: Role | None
) -> Asked:
    method, path = route
    place = _filled(pages, path, role)
    if method == "GET":
        reply = browser.get(place)
    else:
        token = forms_of(browser.cookies.get(COOKIE, ""))
        reply = browser.submit(place, FIELDS, token=token)
        if path == "/desk/sign-out" and role is not None:
            browser.cookies.update(pages.browser(f"the-{role}", role).cookies)
    return Asked(route, role, reply.status, reply.headers.get("location", ""))


def _filled(pages: PageDesk, path: str, role: Role | None) -> str:
    """A path of things that are there; a case is that of whoever asks."""
    number = "1"
    if path.startswith(CASE):
        who = Who(f"the-{role}", frozenset({Role.OPERATOR}))
        number = pages.bench.desk.open(who, pages.bench.token(), Way.DICTATED).number
    elif path.startswith((TOKEN, "/desk/clients")):
        number = str(pages.bench.token())
    return path.format(number=number, name="nobody", mark="0")


def _may(asked: Asked) -> bool:
    needs = TABLE[asked.route]
    if needs == OPEN:
        return True
    return asked.role is not None and (needs == KNOWN or asked.role in ALLOWED[Action(needs)])


def _printed(asked: list[Asked]) -> Iterator[str]:
    who = ("signed out", *Role)
    yield f"\n{'':50}{''.join(f'{each:>15}' for each in who)}"
    for route in ROUTES:
        row = [each.status for each in asked if each.route == route]
        yield f"{' '.join(route):50}{''.join(f'{status:>15}' for status in row)}"
