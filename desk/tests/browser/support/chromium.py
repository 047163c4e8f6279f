"""Debian's Chromium as an operator has it: a private CA, a passkey, a language, a colour scheme."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

NAME = "desk.bank.test"
_CHROMIUM, _DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
_LONGEST = 60
SIZE = (1280, 900)
"""Of a window, in CSS pixels."""


@dataclass(frozen=True)
class Card:
    """A certificate of its user's, which it shows to one origin without asking."""

    file: Path
    """PKCS #12."""
    password: str
    origin: str


@contextmanager
def chromium(home: Path, ca: Path, language: str, card: Card | None = None) -> Iterator[Chrome]:
    """A Chromium whose profile is in a folder and trusts a CA, until the block ends.

    Args:
        home: an empty folder, which it takes for its user's.
        ca: PEM.
        language: of its user.
        card: what it shows in TLS.
    """
    trust(home, ca)
    preferences: dict[str, object] = {"intl.accept_languages": language}
    if card is not None:
        # Without a choice made for it a window that nobody sees waits for ever.
        own: dict[str, object] = {f"{card.origin},*": {"setting": {"filters": [{}]}}}
        preferences["profile.content_settings.exceptions.auto_select_certificate"] = own
        import_card(home, card)
    options = ChromeOptions()
    options.binary_location = _CHROMIUM
    for argument in (
        "--headless",
        "--no-sandbox",  # it refuses root otherwise
        "--disable-dev-shm-usage",
        "--force-prefers-reduced-motion",
        f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
        f"--window-size={SIZE[0]},{SIZE[1]}",
        f"--user-data-dir={home / 'profile'}",
    ):
        options.add_argument(argument)
    options.add_experimental_option("prefs", preferences)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    environment = {**os.environ, "HOME": str(home)}
    driver = Chrome(options=options, service=ChromeService(_DRIVER, env=environment))
    try:
        driver.set_page_load_timeout(_LONGEST)
        driver.set_script_timeout(_LONGEST)
        yield driver
    finally:
        driver.quit()


def trust(home: Path, ca: Path) -> None:
    """Have Chromium trust a CA, by the NSS database of its user."""
    database = home / ".pki" / "nssdb"
    database.mkdir(parents=True)
    for arguments in (["-N", "--empty-password"], ["-A", "-n", "bank", "-t", "C,,", "-i", str(ca)]):
        command = ["certutil", "-d", f"sql:{database}", *arguments]
        subprocess.run(command, check=True, capture_output=True, timeout=_LONGEST)


def import_card(home: Path, card: Card) -> None:
    """Put a certificate and its key into the NSS database of its user."""
    database = f"sql:{home / '.pki' / 'nssdb'}"
    command = ["pk12util", "-i", str(card.file), "-d", database, "-W", card.password, "-K", ""]
    subprocess.run(command, check=True, capture_output=True, timeout=_LONGEST)


@dataclass
class Window:
    """A window of it, with the keyboard and the eyes of whoever sits before it."""

    driver: Chrome
    origin: str
    strokes: int = 0
    """How many keys were pressed."""
    clicks: int = 0
    """How often the mouse was."""

    def go(self, path: str) -> None:
        """Open a page."""
        self.driver.get(f"{self.origin}{path}")

    def add_passkey(self) -> None:
        """Plug in a security key with a PIN and room for passkeys."""
        options = VirtualAuthenticatorOptions(
            transport=VirtualAuthenticatorOptions.Transport.USB,
            has_resident_key=True,
            has_user_verification=True,
            is_user_verified=True,
        )
        self.driver.add_virtual_authenticator(options)

    @property
    def path(self) -> str:
        """Where it is."""
        return str(self.driver.current_url).removeprefix(self.origin)

    def wait(self, what: Any) -> Any:
        """Wait until a function of the driver says something true."""
        return WebDriverWait(self.driver, _LONGEST, poll_frequency=0.05).until(what)

    def wait_for(self, path: str) -> None:
        """Wait until a page is there, whole."""
        self.wait(
            lambda driver: (
                self.path == path
                and driver.execute_script("return document.readyState") == "complete"
            )
        )

    def wait_text(self, text: str) -> None:
        """Wait until a text is to be seen."""
        self.wait(lambda _driver: text in self.text)

    @property
    def text(self) -> str:
        """What is to be seen."""
        return str(self.driver.execute_script("return document.body?.innerText ?? ''"))

    @property
    def focused(self) -> WebElement:
        """Where the keyboard is."""
        return self.driver.switch_to.active_element

    def wait_at(self, selector: str) -> None:
        """Wait until what a selector finds has the keyboard, as a page that opens gives it."""
        self.wait(lambda driver: self.focused in driver.find_elements(By.CSS_SELECTOR, selector))

    def press(self, *keys: str) -> None:
        """Press keys, where the keyboard is."""
        chain = ActionChains(self.driver)
        for key in keys:
            chain.send_keys(key)
            self.strokes += len(key)
        chain.perform()

    def click(self, selector: str) -> None:
        """Click on what a selector finds first, once it is there."""
        self.wait(lambda driver: driver.find_elements(By.CSS_SELECTOR, selector))[0].click()
        self.clicks += 1

    def tab_to(self, selector: str, most: int = 60) -> None:
        """Press the tabulator until something has the keyboard."""
        for _press in range(most):
            wanted = self.driver.find_elements(By.CSS_SELECTOR, selector)
            if self.focused in wanted:
                return
            self.press(Keys.TAB)
        raise AssertionError(f"the keyboard does not come to {selector}")

    def look(
        self, file: Path, *, width: int = SIZE[0], scale: float = 1, dark: bool = False
    ) -> None:
        """Take a picture of the whole page."""
        self.colours(dark=dark)
        size = {"width": width, "height": 800, "deviceScaleFactor": scale, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        shot = {"captureBeyondViewport": True}
        height = self.driver.execute_script("return document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        taken = self.driver.execute_cdp_cmd("Page.captureScreenshot", {**shot, "clip": clip})
        file.write_bytes(base64.b64decode(taken["data"]))
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def colours(self, *, dark: bool) -> None:
        """Choose a colour scheme, as the system would."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def told_only(self, status: int) -> bool:
        """Whether the console's only line is that of a page with a status of an error."""
        (line,) = self.console
        return f"the server responded with a status of {status} " in line

    @property
    def console(self) -> list[str]:
        """What the browser's console says since it was read last."""
        return [each["message"] for each in self.driver.get_log("browser")]
