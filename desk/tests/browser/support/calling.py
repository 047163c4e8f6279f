"""What an operator does at the page, by keyboard."""

from __future__ import annotations

import itertools
import secrets

from chromium import Window
from lockwright.spoken import request_check, response_check
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from whole_desk import WholeDesk

_numbers = itertools.count(1)


def enrol(whole: WholeDesk, window: Window, *roles: str) -> str:
    """Enrol a passkey by keyboard, as somebody new; the account."""
    name = f"smirnova-{next(_numbers)}"
    code = whole.operator(name, "Olga Smirnova", *roles)
    window.go("/desk/enrol")
    window.press(code, Keys.TAB, "blue key", Keys.TAB, Keys.ENTER)
    window.wait(lambda _driver: window.path in {"/desk/queue", "/desk/approvals"})
    return name


def begin(window: Window, serial_end: str) -> str:
    """Find a token by its last digits, and open a case for it; its serial number."""
    window.go("/desk/find")
    window.wait_at("#q")
    window.press(serial_end, Keys.ENTER)
    window.wait_at("main a[href^='/desk/']")  # the first that was found
    window.tab_to("a[href^='/desk/tokens/']")
    serial: str = window.focused.text
    window.press(Keys.ENTER)
    open_case(window)
    return serial


def open_case(window: Window) -> None:
    """The button that opens a case has the keyboard."""
    window.wait_at("form[action$='/cases'] button")
    window.press(Keys.ENTER)
    window.wait_at("input[name=means]")


def until_ready(window: Window, serial: str, language: str, request: bytes | None = None) -> bytes:
    """Every step before the Response, by keyboard; the Request, a random one if none is given."""
    request = secrets.token_bytes(8) if request is None else request
    verify(window)
    hear_request(window, request)
    hear_words(window, request_check(serial, request).words(language))
    note_why(window)
    return request


def verify(window: Window) -> None:
    """The first way to verify a caller."""
    window.wait_at("input[name=means]")
    window.press(Keys.SPACE, Keys.ENTER)
    window.wait(lambda driver: driver.find_elements(By.CSS_SELECTOR, "#request, #words"))


def hear_request(window: Window, request: bytes) -> None:
    """The Request, as it is heard."""
    window.wait_at("#request")
    window.press(request.hex(), Keys.ENTER)
    window.wait(lambda driver: driver.find_elements(By.ID, "words"))


def hear_words(window: Window, words: str) -> None:
    """The check words, as they are heard."""
    window.wait_at("#words")
    window.press(words, Keys.ENTER)
    window.wait(lambda driver: driver.find_elements(By.ID, "reason"))


def note_why(window: Window) -> None:
    """Reason and ticket."""
    window.wait_at("#reason")
    window.press("PIN", Keys.TAB, "INC-4711", Keys.ENTER)
    window.wait(
        lambda driver: (
            driver.find_elements(By.CSS_SELECTOR, "details.sheet")  # the end of the page
            and not driver.find_elements(By.ID, "reason")
        )
    )


def response_on(window: Window, serial: str, request: bytes) -> bytes:
    """The Response that is to be seen, whose check fits."""
    window.wait(lambda driver: driver.find_elements(By.CSS_SELECTOR, "ol.groups"))
    groups = [each.text for each in window.driver.find_elements(By.CSS_SELECTOR, ".digits")]
    response = bytes.fromhex("".join(groups[:-1]))
    assert response_check(serial, request, response).hex == groups[-1]
    return response
