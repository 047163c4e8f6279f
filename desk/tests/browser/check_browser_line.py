"""A Request that came over the line, at the page: it comes by itself, and is taken by keyboard."""

from __future__ import annotations

import base64
import http.client
import json
import secrets
import ssl
from contextlib import closing
from dataclasses import dataclass

from calling import enrol, hear_words, note_why, verify
from chromium import Window
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from for_everybody import check
from hsm_bank import ADAPTER, MODEL
from lockwright.spoken import request_check
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from whole_desk import WholeDesk

SERIAL = "0B53001435596976"
NOBODYS = "0B53001435599999"


@dataclass
class Waiting:
    """A client's window that waits, as a bank's portal would have it (docs: line-api.json)."""

    whole: WholeDesk
    serial: str

    def __post_init__(self) -> None:
        self.request, self._key = secrets.token_bytes(8), X25519PrivateKey.generate()
        public = self._key.public_key().public_bytes_raw()
        facts = {
            "adapter": ADAPTER,
            "model": MODEL,
            "serial": self.serial,
            "request": self.request.hex(),
            "key": base64.b64encode(public).decode(),
        }
        opened = self._ask("POST", "requests", json.dumps(facts))
        number, self._secret = opened["number"], opened["secret"]
        self.number = f"{number[:3]}-{number[3:]}"  # as it is read out

    def state(self) -> str:
        """How it stands."""
        return self._ask("GET", "request")["state"]

    def _ask(self, method: str, path: str, body: str = "") -> dict[str, str]:
        context = ssl.create_default_context(cafile=str(self.whole.home.ca))
        asking = http.client.HTTPSConnection("localhost", self.whole.port, context=context)
        headers = {"Content-Type": "application/json"} if body else {}
        if not body:
            headers["Authorization"] = f"Bearer {self._secret}"
        with closing(asking):
            asking.request(method, f"/line/v1/{path}", body or None, headers)
            answer: dict[str, str] = json.load(asking.getresponse())
            return answer


def test_a_request_comes_by_itself_and_is_taken_and_sent_by_keyboard_alone(
    whole: WholeDesk, window: Window, language: str
) -> None:
    enrol(whole, window, "operator")
    window.go("/desk/queue")
    check(window, f"line-nobody-{language}")
    Waiting(whole, NOBODYS)

    waiting = Waiting(whole, SERIAL)

    window.wait_text(waiting.number)
    assert NOBODYS in window.text
    check(window, f"line-{language}")
    window.tab_to("#number")
    window.press(waiting.number, Keys.ENTER)
    verify(window)
    check(window, f"line-words-{language}")
    hear_words(window, request_check(SERIAL, waiting.request).words(language))
    note_why(window)
    check(window, f"line-ready-{language}")
    window.press(Keys.ENTER)  # the button that sends has the keyboard
    window.wait(lambda driver: driver.find_elements(By.CSS_SELECTOR, "button[value=worked]"))
    check(window, f"line-sent-{language}")
    assert waiting.state() == "answered"


def test_a_number_that_was_misheard_is_told_and_mended_where_it_was_typed(
    whole: WholeDesk, window: Window, language: str
) -> None:
    enrol(whole, window, "operator")
    waiting = Waiting(whole, SERIAL)
    window.go("/desk/queue")
    window.tab_to("#number")
    misheard = f"{waiting.number[:-1]}{(int(waiting.number[-1]) + 1) % 10}"

    window.press(misheard, Keys.ENTER)

    window.wait_at("#number[aria-invalid]")
    check(window, f"line-unknown-{language}")
    assert window.told_only(404)
    assert window.focused.get_attribute("value") == misheard
    window.press(Keys.END, Keys.BACKSPACE, waiting.number[-1], Keys.ENTER)
    window.wait(lambda _driver: "/desk/cases/" in window.path)
