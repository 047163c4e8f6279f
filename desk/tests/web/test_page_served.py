"""The pages behind the desk's own door: beside EST, over TLS, and at the end of the server."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from desk_client import Client, connected
from desk_home import Home, Server
from lockwright_desk import clock
from lockwright_desk.helpdesk import live
from lockwright_desk.signin import credentials, operators
from lockwright_desk.signin.console import at_the_console
from lockwright_desk.signin.new_credentials import of_subject
from lockwright_desk.signin.roles import Role
from lockwright_desk.signin.sessions import COOKIE, Sessions
from lockwright_desk.signin.visitor import Visitor
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import Alert

ORIGIN = "https://desk.bank.test"
TABLES = f"""
[signin]
origin = "{ORIGIN}"
[helpdesk]
[keeper]
socket = "keeper.sock"
"""
WHO = at_the_console("tests")
AGENT = "Browser/1"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A desk with both halves."""
    home = Home(tmp_path_factory.mktemp("both"), extra=TABLES)
    made = home.init()
    assert made.code == 0, made.err
    with home.serving() as running:
        yield running


def signed_in(home: Home, name: str) -> str:
    """The cookie of somebody who has signed in at the bank's own sign-in."""
    settings, now = home.settings, clock.now()
    assert settings.signin is not None
    with closing(Database(settings.database)) as database:
        operators.add(database, WHO, name, name, [Role.OPERATOR], now)
        new = of_subject("https://bank.test", name)
        number = credentials.add(database, WHO, name, new, now)
        with database.changing() as connection:
            return Sessions(settings.signin, database).begin(
                connection, number, Visitor("127.0.0.1", agent=AGENT), now
            )


def watching(server: Server, cookie: str) -> ssl.SSLSocket:
    """A browser that waits for what changes; the head of the answer is read."""
    browser = connected(server)
    browser.sendall(
        b"GET /desk/events HTTP/1.1\r\nHost: desk.bank.test\r\n"
        + f"User-Agent: {AGENT}\r\nCookie: {COOKIE}={cookie}\r\n\r\n".encode()
    )
    read_until(browser, b"retry: 1000")
    return browser


def read_until(browser: ssl.SSLSocket, end: bytes) -> bytes:
    """What comes, until it holds something."""
    found = b""
    while end not in found:
        part = browser.recv(4096)
        assert part, found
        found += part
    return found


def test_both_halves_are_served_at_one_port(served: Server) -> None:
    client = Client(served)

    page, est, nothing = (
        client.get(path) for path in ("/desk/sign-in", "/.well-known/est/cacerts", "/nothing")
    )

    assert (page.status, est.status, nothing.status) == (200, 200, 404)
    assert "content-security-policy" in page.headers
    assert "content-security-policy" not in est.headers
    assert any(f"{ORIGIN}/desk" in line for line in served.lines(0))


def test_a_desk_without_the_table_has_no_pages(client: Client) -> None:
    assert client.get("/desk/sign-in").status == 404


def test_a_help_desk_that_lacks_a_table_does_not_begin(tmp_path: Path) -> None:
    home = Home(tmp_path, extra="[helpdesk]\n")
    home.init()

    ended = home.run("serve", "--port", "0")

    assert ended.code == 30
    assert "[helpdesk] needs the tables [signin] and [keeper]" in ended.err


def test_a_browser_is_told_of_what_another_process_changes(served: Server) -> None:
    with watching(served, signed_in(served.home, "anna")) as browser:
        with (
            closing(Database(served.home.settings.database)) as database,
            database.writing() as session,
        ):
            before = live.state(database)
            session.add(Alert(kind="limit-reached", at=clock.now(), about="{}"))
        assert live.state(database) != before

        assert b"event: changed" in read_until(browser, b"event: changed")


def test_a_browser_that_waits_does_not_keep_the_server_from_ending(tmp_path: Path) -> None:
    home = Home(tmp_path, extra=TABLES)
    home.init()

    with ThreadPoolExecutor() as beside:
        with home.serving() as server:
            seen = beside.submit(read_to_end, watching(server, signed_in(home, "anna")))

        assert seen.result().endswith(b"\r\n0\r\n\r\n")  # the end of an answer that is whole


def read_to_end(browser: ssl.SSLSocket) -> bytes:
    found = b""
    with browser:
        while part := browser.recv(4096):
            found += part
    return found
