"""Signing in to the help desk at a real OpenID provider: oidc-provider, by Filip Skokan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, build_opener

import pytest
from lockwright_desk.signin import credentials
from lockwright_desk.signin.new_credentials import of_subject
from lockwright_desk.signin.roles import Role
from oidc_provider import provider, table
from sign_in_desk import ORIGIN, ROOT, WHO, Browser, Clock, Reply, SignInDesk


@pytest.fixture
def issuer() -> Iterator[str]:
    """A provider."""
    with provider(ORIGIN) as running:
        yield running


@pytest.fixture
def desk(issuer: str, tmp_path: Path) -> Iterator[SignInDesk]:
    """A desk whose operators sign in there."""
    with desk_at(issuer, tmp_path) as made:
        made.operator("anna", Role.OPERATOR)
        credentials.add(made.database, WHO, "anna", of_subject(issuer, "sub-of-anna"), made.clock())
        yield made


@contextmanager
def desk_at(issuer: str, folder: Path) -> Iterator[SignInDesk]:
    """A desk with that provider."""
    made = SignInDesk(
        folder, f"sqlite:///{folder / 'desk.db'}", Clock.real(), table(issuer, folder)
    )
    with closing(made.database):
        yield made


class _Stays(HTTPRedirectHandler):
    """Follows nobody away from the provider."""

    def redirect_request(self, *arguments: Any) -> Any:
        stays = str(arguments[-1]).startswith("http://127.0.0.1:")
        return super().redirect_request(*arguments) if stays else None


class Person:
    """Somebody with a browser at the provider, who types a login into its form."""

    def __init__(self, login: str) -> None:
        self._login = login
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()), _Stays)

    def goes(self, place: str) -> str:
        """From a place at the provider back to the desk: its path with a query."""
        try:
            page = self._opener.open(place)
            while True:
                text = page.read().decode()
                action = re.search(r'action="([^"]+)"', text)
                assert action, text
                prompt = re.search(r'name="prompt" value="(\w+)"', text)
                form = {
                    "prompt": prompt[1] if prompt else "",
                    "login": self._login,
                    "password": "x",
                }
                page = self._opener.open(urljoin(page.url, action[1]), urlencode(form).encode())
        except HTTPError as sent:
            with sent:
                target = urlsplit(str(sent.headers["Location"]))
                return f"{target.path}?{target.query}"


def sent_away(browser: Browser) -> str:
    """Where the desk sends somebody."""
    reply = browser.send("GET", f"{ROOT}/oidc", headers={"sec-fetch-site": "same-origin"})
    assert reply.status == 303, reply.body
    return reply.headers["location"]


def signs_in(desk: SignInDesk, login: str) -> tuple[Browser, Reply]:
    """Go there and come back."""
    browser = Browser(desk)
    return browser, browser.send("GET", Person(login).goes(sent_away(browser)))


def test_an_operator_that_was_added_signs_in(desk: SignInDesk) -> None:
    browser, reply = signs_in(desk, "sub-of-anna")

    assert (reply.status, reply.headers["location"]) == (303, "/desk/queue")
    assert browser.home().document == {"name": "anna", "roles": ["operator"]}
    assert desk.audit("desk_sign_in")[-1]["facts"] == {"operator": "anna"}


def test_somebody_whom_the_bank_knows_and_the_desk_does_not_stays_out(desk: SignInDesk) -> None:
    browser, reply = signs_in(desk, "anna")

    assert (reply.code, browser.seen()) == ("oidc-subject-unknown", None)


def test_what_is_sent_there_has_a_state_a_nonce_and_a_challenge(desk: SignInDesk) -> None:
    query = parse_qs(urlsplit(sent_away(Browser(desk))).query)

    assert query["code_challenge_method"] == ["S256"]
    assert {len(query[each][0]) for each in ("state", "nonce", "code_challenge")} == {43}
    assert query["scope"] == ["openid"]


def test_a_way_back_is_taken_once_and_in_its_own_browser(desk: SignInDesk) -> None:
    browser, other = Browser(desk), Browser(desk)
    sent_away(other)
    back = Person("sub-of-anna").goes(sent_away(browser))

    assert other.send("GET", back).code == "oidc-refused", "it is no answer to what that one asked"
    begun = dict(browser.cookies)
    assert browser.send("GET", back).status == 303
    assert Browser(desk, cookies=begun).send("GET", back).code == "sign-in-late"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"state": "forged"}, "oidc-refused"),
        ({"iss": "https://evil.example"}, "oidc-refused"),
        ({"iss": ""}, "oidc-refused"),
        ({"code": "forged"}, "oidc-refused"),
        ({"code": ""}, "oidc-refused"),
        ({"error": "access_denied"}, "oidc-refused"),
    ],
)
def test_a_way_back_that_somebody_has_changed_leads_nowhere(
    desk: SignInDesk, changed: dict[str, str], code: str
) -> None:
    browser = Browser(desk)
    path, _mark, query = Person("sub-of-anna").goes(sent_away(browser)).partition("?")
    said = {name: values[0] for name, values in parse_qs(query).items()} | changed

    refused = browser.send("GET", f"{path}?{urlencode({k: v for k, v in said.items() if v})}")

    assert (refused.code, browser.seen()) == (code, None)


def test_another_sites_page_begins_no_visit_there(desk: SignInDesk) -> None:
    reply = Browser(desk).send("GET", f"{ROOT}/oidc", headers={"sec-fetch-site": "cross-site"})

    assert reply.code == "from-elsewhere"


def test_a_provider_with_new_keys_is_believed_without_a_restart(tmp_path: Path) -> None:
    with ExitStack() as running:
        with provider(ORIGIN) as issuer:
            desk = running.enter_context(desk_at(issuer, tmp_path))
            desk.operator("anna")
            credentials.add(desk.database, WHO, "anna", of_subject(issuer, "sub"), desk.clock())
            assert signs_in(desk, "sub")[1].status == 303
        with provider(ORIGIN, urlsplit(issuer).port or 0):
            assert signs_in(desk, "sub")[1].status == 303


def test_a_provider_that_is_away_is_told_of(desk: SignInDesk, tmp_path: Path) -> None:
    with provider(ORIGIN) as gone:
        pass
    folder = tmp_path / "other"
    folder.mkdir()
    with desk_at(gone, folder) as other:
        reply = Browser(other).send("GET", f"{ROOT}/oidc")

    assert (reply.status, reply.code) == (503, "oidc-away")
