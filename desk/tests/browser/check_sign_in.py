"""Operators sign in, in a real Chromium: with a passkey, with a certificate, and not for others."""

from __future__ import annotations

import functools
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from chromium import NAME, Card, Window, chromium
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from desk_client import new_key
from desk_home import Home, Server
from lockwright_desk import clock
from lockwright_desk.signin import credentials, operators, sign_in_codes
from lockwright_desk.signin.console import at_the_console
from lockwright_desk.signin.new_credentials import of_certificate
from lockwright_desk.signin.roles import Role
from lockwright_desk.store.database import Database
from lockwright_testkit.pki import TestCa, pem
from selenium.webdriver.common.by import By
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions

WHO = at_the_console("tests")
NAMES = '"localhost", "127.0.0.1"'
BANK = TestCa.root("CN=CA of the bank's own cards")
ENROL, SIGN_IN, QUEUE = "/desk/enrol", "/desk/sign-in", "/desk/queue"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A desk under the name that its passkeys belong to."""
    folder, port = tmp_path_factory.mktemp("desk"), free_port()
    (folder / "operators.pem").write_bytes(pem(BANK.certificate))
    home = Home(
        folder,
        changes={NAMES: f'{NAMES}, "{NAME}"'},
        extra=f"""
[signin]
origin = "https://{NAME}:{port}"
client_ca = "operators.pem"
[helpdesk]
means = ["call-back"]
[keeper]
socket = "keeper.sock"
""",
    )
    assert home.init().code == 0
    with home.serving("--port", str(port)) as running:
        yield running


@pytest.fixture
def database(desk: Server) -> Iterator[Database]:
    """The desk's."""
    with closing(Database(desk.home.settings.database)) as opened:
        yield opened


def operator(database: Database, name: str) -> str:
    """Add somebody; the sign-in code."""
    operators.add(database, WHO, name, name.title(), [Role.OPERATOR], clock.now())
    return code(database, name)


def code(database: Database, name: str) -> str:
    """Another code for somebody."""
    made = sign_in_codes.make(database, WHO, name, timedelta(hours=1), clock.now())
    return made.text.reveal_text()


@contextmanager
def window(desk: Server, home: Path, card: Card | None = None) -> Iterator[Window]:
    """A browser of somebody's own."""
    home.mkdir()
    with chromium(home, desk.ca, "en", card) as driver:
        seen = Window(driver, f"https://{NAME}:{desk.port}")
        yield seen
        ours = [each["message"] for each in driver.get_log("browser") if seen.origin in str(each)]
        # What was refused is a line there, too; a blocked script or style is another.
        assert [each for each in ours if "Failed to load resource" not in each] == []


def enrols(seen: Window, typed: str) -> None:
    """Type a code at the page, and press the button."""
    seen.go(ENROL)
    field = seen.driver.find_element(By.ID, "code")
    field.send_keys(typed)
    field.submit()


def presses(seen: Window, way: str) -> None:
    """Press one of the buttons of the sign-in page."""
    seen.driver.find_element(By.CSS_SELECTOR, f"form[data-way={way}] button").click()


def told(seen: Window, way: str) -> str:
    """What the page says beside that button, once it says anything."""
    place = f"form[data-way={way}] [role=alert]"
    seen.wait(lambda driver: driver.find_element(By.CSS_SELECTOR, place).text)
    return str(seen.driver.find_element(By.CSS_SELECTOR, place).text)


def is_in(seen: Window) -> None:
    """Wait for the first page of somebody who is signed in."""
    seen.wait(
        lambda _driver: (
            seen.path.startswith("/desk")
            and "/sign-in" not in seen.path
            and "/enrol" not in seen.path
        )
    )


def test_a_code_enrols_a_passkey_that_signs_in_from_then_on(
    desk: Server, database: Database, tmp_path: Path
) -> None:
    with window(desk, tmp_path / "home") as seen:
        seen.add_passkey()
        enrols(seen, operator(database, "anna").lower())
        is_in(seen)
        assert "Anna" in seen.text
        seen.driver.delete_all_cookies()

        seen.go(QUEUE)
        assert seen.path.startswith(SIGN_IN)
        presses(seen, "passkey")
        seen.wait_for(QUEUE)
        assert "Anna" in seen.text

        enrols(seen, code(database, "anna"))
        assert "already" in told(seen, "enrol")
    (passkey,) = credentials.every(database, WHO, "anna")
    assert passkey.used_at is not None


def test_whoever_is_suspended_is_sent_away_with_the_next_click(
    desk: Server, database: Database, tmp_path: Path
) -> None:
    with window(desk, tmp_path / "home") as seen:
        seen.add_passkey()
        enrols(seen, operator(database, "boris"))
        is_in(seen)

        operators.suspend(database, WHO, "boris", clock.now())
        seen.go(QUEUE)

        assert seen.path.startswith(SIGN_IN)
        presses(seen, "passkey")
        assert "Nobody signs in with this passkey" in told(seen, "passkey")


@pytest.mark.parametrize(("resident", "verified"), [(True, False), (False, True)])
def test_a_key_that_verifies_nobody_or_knows_no_account_is_not_enrolled(
    desk: Server, database: Database, tmp_path: Path, *, resident: bool, verified: bool
) -> None:
    name = f"weak-{resident}-{verified}".lower()
    with window(desk, tmp_path / "home") as seen:
        options = VirtualAuthenticatorOptions(
            transport=VirtualAuthenticatorOptions.Transport.USB,
            has_resident_key=resident,
            has_user_verification=verified,
            is_user_verified=verified,
        )
        seen.driver.add_virtual_authenticator(options)
        enrols(seen, operator(database, name))

        assert "Try again" in told(seen, "enrol")
    assert credentials.every(database, WHO, name) == []


def test_the_certificate_on_a_card_signs_in(
    desk: Server, database: Database, tmp_path: Path
) -> None:
    key = new_key()
    certificate = BANK.issue(key.public_key(), "CN=Vera")
    operators.add(database, WHO, "vera", "Vera", [Role.AUDITOR], clock.now())
    credentials.add(database, WHO, "vera", of_certificate(certificate), clock.now())
    file = tmp_path / "card.p12"
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"vera", key, certificate, None, BestAvailableEncryption(b"secret")
        )
    )
    card = Card(file, "secret", f"https://{NAME}:{desk.port}")

    with window(desk, tmp_path / "home", card) as seen:
        seen.go(SIGN_IN)
        presses(seen, "certificate")
        is_in(seen)
        assert "Vera" in seen.text
        cookies = seen.driver.get_cookies()
    with window(desk, tmp_path / "thief") as seen:
        seen.go(SIGN_IN)
        for cookie in cookies:
            seen.driver.add_cookie({k: v for k, v in cookie.items() if k != "domain"})
        seen.go(QUEUE)
        assert seen.path.startswith(SIGN_IN), "without the card its cookie is worth nothing"
        presses(seen, "certificate")
        assert "showed no certificate" in told(seen, "certificate")


@contextmanager
def evil_site(folder: Path, page: str) -> Iterator[str]:
    """Another site, with one page."""
    folder.mkdir()
    (folder / "index.html").write_text(page)
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_another_sites_page_changes_nothing_in_the_name_of_who_is_signed_in(
    desk: Server, database: Database, tmp_path: Path
) -> None:
    with window(desk, tmp_path / "home") as seen:
        seen.add_passkey()
        enrols(seen, operator(database, "dmitri"))
        is_in(seen)
        target = f"{seen.origin}/desk/sign-out"
        page = f"""<!doctype html><form method="post" action="{target}"></form>
        <script>
          const sent = {{ method: "POST", mode: "no-cors", credentials: "include" }};
          fetch("{target}", sent).finally(() => document.forms[0].submit());
        </script>"""
        with evil_site(tmp_path / "evil", page) as url:
            seen.driver.get(url)
            seen.wait(lambda _driver: "not sent by a page of the desk" in seen.text)

        seen.go(QUEUE)

        assert seen.path == QUEUE
        assert "Dmitri" in seen.text
