"""Requests that nobody of the desk made are refused, at every route; ``make roles`` counts them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from lockwright.spoken import request_check, spell
from lockwright_desk.signin.roles import Role
from lockwright_desk.signin.sessions import COOKIE, forms_of
from lockwright_desk.store.tables.cases import Answered
from page_desk import PageBrowser, PageDesk, field_of
from page_routes import TABLE, changing, filled
from sign_in_desk import ORIGIN, Reply

_FORM = "application/x-www-form-urlencoded"
ELSEWHERE: tuple[dict[str, str], ...] = (
    {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    {"origin": ORIGIN, "sec-fetch-site": "same-site"},
    {"origin": "null", "sec-fetch-site": "none"},
    {"origin": "https://evil.example"},
    {},
)
"""What browsers say of a page of another site, and what is no browser."""
SIGNED_OUT = "/desk/sign-in"
BY_THE_PROVIDER = "/desk/sign-in/oidc/signed-out"
"""It is no browser, and its token is signed."""


@pytest.fixture
def everybody(page_desk: PageDesk) -> PageBrowser:
    """Somebody with every role."""
    return page_desk.browser("everything", *Role)


def posts() -> Iterator[str]:
    """Routes that change something for somebody."""
    yield from (path for _method, path in changing())


def tell(what: str, refused: list[int]) -> None:
    """`-s` shows it."""
    print(f"{what}: {len(refused)} requests refused")  # noqa: T201


def test_a_forged_form_is_refused_at_every_route(
    page_desk: PageDesk, everybody: PageBrowser
) -> None:
    other = page_desk.browser("everything", *Role)
    forged = ("", "0" * 64, forms_of(other.cookies[COOKIE]))
    places = [filled(page_desk, path, None) for path in posts()]

    refused = [everybody.submit(place, token=token).status for place in places for token in forged]

    tell("forged", refused)
    assert set(refused) == {403}


def test_a_form_of_another_site_is_refused_at_every_route(
    page_desk: PageDesk, everybody: PageBrowser
) -> None:
    body = f"forms={everybody.forms}".encode()
    every = [path for method, path in TABLE if method == "POST" and path != BY_THE_PROVIDER]
    places = [filled(page_desk, path, None) for path in every]

    refused = [
        everybody.send("POST", place, body, {"content-type": _FORM, **said}).status
        for place in places
        for said in ELSEWHERE
    ]

    tell("cross-site", refused)
    assert set(refused) == {403}
    assert everybody.seen_somewhere


def _idle(desk: PageDesk, _browser: PageBrowser) -> None:
    desk.clock.on(minutes=16)


def _longest(desk: PageDesk, browser: PageBrowser) -> None:
    for _ten in range(61):
        desk.clock.on(minutes=10)
        browser.get("/desk/find")


def _ended(_desk: PageDesk, browser: PageBrowser) -> None:
    kept = dict(browser.cookies)
    assert browser.submit("/desk/sign-out").status == 303
    browser.cookies.update(kept)


def _elsewhere(_desk: PageDesk, browser: PageBrowser) -> None:
    browser.agent = "Another/1"


@pytest.mark.parametrize(
    "over",
    [_idle, _longest, _ended, _elsewhere],
    ids=["idle", "for the longest", "signed out", "another browser"],
)
def test_a_session_that_is_over_is_refused_at_every_route(
    page_desk: PageDesk,
    everybody: PageBrowser,
    over: Callable[[PageDesk, PageBrowser], None],
) -> None:
    token = everybody.forms
    places = [filled(page_desk, path, None) for path in posts()]
    over(page_desk, everybody)

    replies = [everybody.submit(place, token=token) for place in places]

    tell("of a session that is over", [each.status for each in replies])
    assert all(_sends_to_sign_in(each) for each in replies)


def test_a_form_that_is_sent_again_changes_nothing_at_every_step_of_a_call(
    page_desk: PageDesk, everybody: PageBrowser
) -> None:
    token = page_desk.bench.token()
    place = everybody.submit(f"/desk/tokens/{token}/cases").headers["location"]
    case = page_desk.bench.desk.case(everybody.who, place.rpartition("/")[2])
    request = bytes(range(8))
    words = request_check(case.token.serial, request).words("en")
    steps: list[tuple[str, dict[str, str]]] = [
        ("verify", {"means": "call-back"}),
        ("request", {"request": spell(request)}),
        ("words", {"words": words}),
        ("grounds", {"reason": "PIN", "ticket": "INC-1"}),
        ("answer", {}),
        ("outcome", {"outcome": "worked"}),
    ]
    again = {}
    for step, fields in steps:
        sent = {"revision": field_of(everybody.get(place), "revision"), **fields}
        replies = [everybody.submit(f"{place}/{step}", sent) for _time in range(2)]
        assert replies[0].status in {200, 303}, step
        again[step] = replies

    shown = [each.body.decode() for each in again.pop("answer")]
    refused = [each[1].status for each in again.values()]
    tell("replayed", refused)
    assert set(refused) == {409}
    digits = [re.findall(r'class="digits">([0-9A-F]+)<', each) for each in shown]
    assert digits[0] == digits[1] != []
    assert page_desk.bench.keys.asked == [request, request]
    assert page_desk.bench.count(Answered, Answered.token_id == token) == 1


def _sends_to_sign_in(reply: Reply) -> bool:
    if reply.status == 303:
        return reply.headers["location"].startswith(SIGNED_OUT)
    return reply.status == 401
