"""The way to the provider and back, in a real browser: cookies and policy allow it."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path

from chromium import NAME, Window, chromium
from desk_home import Home
from lockwright_desk import clock
from lockwright_desk.signin import operators
from lockwright_desk.signin.console import at_the_console
from lockwright_desk.signin.front import SIGNED_OUT
from lockwright_desk.signin.new_credentials import of_subject
from lockwright_desk.signin.roles import Role
from lockwright_desk.store.database import Database
from oidc_provider import provider, table
from selenium.webdriver.common.by import By

NAMES = '"localhost", "127.0.0.1"'
MORE = """
[helpdesk]
means = ["call-back"]
[keeper]
socket = "keeper.sock"
"""


def test_somebody_goes_to_the_provider_and_back_and_is_signed_out_with_it(tmp_path: Path) -> None:
    port, its = free_port(), free_port()
    origin, issuer = f"https://{NAME}:{port}", f"http://127.0.0.1:{its}"
    folder, own = tmp_path / "desk", tmp_path / "home"
    folder.mkdir()
    own.mkdir()
    extra = f'[signin]\norigin = "{origin}"\n{table(issuer, folder)}{MORE}'
    home = Home(folder, changes={NAMES: f'{NAMES}, "{NAME}"'}, extra=extra)
    assert home.init().code == 0
    add(home, issuer)
    told = f"https://localhost:{port}{SIGNED_OUT}"
    with (
        provider(origin, its, told=told, ca=home.ca),
        home.serving("--port", str(port)),
        chromium(own, home.ca, "en") as driver,
    ):
        seen = Window(driver, origin)
        seen.go("/desk/queue")
        driver.find_element(By.CSS_SELECTOR, "a[href$='/sign-in/oidc']").click()
        seen.wait(lambda _driver: driver.find_elements(By.NAME, "login"))
        driver.find_element(By.NAME, "login").send_keys("sub-of-anna")
        driver.find_element(By.NAME, "password").send_keys("x")
        driver.find_element(By.CSS_SELECTOR, "button").click()
        seen.wait(lambda _driver: "Authorize" in driver.page_source)
        driver.find_element(By.CSS_SELECTOR, "button").click()
        seen.wait(lambda _driver: driver.current_url.startswith(origin))
        assert "sign-in" not in driver.current_url
        assert "Anna Petrova" in seen.text

        driver.get(f"{issuer}/session/end")
        driver.find_element(By.CSS_SELECTOR, "button[value=yes]").click()
        seen.wait(lambda _driver: "Sign-out Success" in driver.page_source)
        seen.go("/desk/queue")

        assert "sign-in" in driver.current_url


def free_port() -> int:
    """Where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def add(home: Home, issuer: str) -> None:
    """Anna, whom the provider knows by another name."""
    who, roles, now = at_the_console("tests"), [Role.OPERATOR], clock.now()
    having = [of_subject(issuer, "sub-of-anna")]
    with closing(Database(home.settings.database)) as database:
        operators.add(database, who, "anna", "Anna Petrova", roles, now, having)
