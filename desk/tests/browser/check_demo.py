"""``lockwright-desk demo`` as a newcomer clicks through it: the page, and the client's terminal."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pexpect
from calling import begin, response_on, until_ready
from chromium import Card, Window, chromium
from lockwright.spoken import spell_response
from lockwright_testkit.program import EXECUTABLE
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

_NEW_PIN = "Kettle-Moss-42"
_LONGEST = 60


@contextmanager
def demo() -> Iterator[dict[str, Any]]:
    """The demo, until Ctrl-C; nothing is left of it."""
    temporary = Path(tempfile.mkdtemp())  # pytest's are longer than the path of a socket may be
    with subprocess.Popen(
        [Path(EXECUTABLE.path).with_name("lockwright-desk"), "demo", "--json"],
        env=os.environ | {"TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield _document(process)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(_LONGEST) == 0
    temporary.rmdir()  # nothing is left in it


def _document(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    said = ""
    while not said.endswith("\n}\n"):
        line = process.stdout.readline()
        assert line, said
        said += line
    document: dict[str, Any] = json.loads(said)
    return document


def unblock(line: str, call: Callable[[bytes], str]) -> str:
    """The client's side at a terminal: the new PIN, the Request out, the Response in."""
    screen = pexpect.spawn("/bin/sh", ["-c", line], encoding="utf-8", timeout=_LONGEST)
    for question in ("New user PIN:", "once more:"):
        screen.expect(question)
        screen.sendline(_NEW_PIN)
    screen.expect(r"Request: ([0-9A-F]{4}(?: [0-9A-F]{4}){3})")
    shown = screen.match
    assert isinstance(shown, re.Match)
    request = bytes.fromhex(shown[1])
    screen.expect("Response:")
    screen.sendline(call(request))
    screen.expect(pexpect.EOF)
    screen.close()
    assert screen.exitstatus == 0, screen.before
    return str(screen.before)


def answered(window: Window, client: dict[str, Any], request: bytes) -> str:
    """What the operator does at the page; the Response, as it is read out."""
    serial = begin(window, client["serial"][-4:])
    until_ready(window, serial, "en", request)
    window.press(Keys.ENTER)
    response = response_on(window, serial, request)
    window.tab_to("button[value=worked]")
    window.press(Keys.ENTER)
    window.wait_text("worked")
    return spell_response(serial, request, response)


def test_a_newcomer_signs_in_with_a_passkey_and_unblocks_a_token(tmp_path: Path) -> None:
    with (
        demo() as told,
        chromium(tmp_path / "home", Path(told["ca"]), "en") as driver,
    ):
        window = Window(driver, told["url"].removesuffix("/desk"))
        window.add_passkey()
        window.go("/desk/enrol")
        window.press(told["operators"][0]["code"], Keys.TAB, "key", Keys.TAB, Keys.ENTER)
        window.wait(lambda _driver: window.path == "/desk/queue")
        client = told["clients"][0]
        said = unblock(client["unblock"], lambda request: answered(window, client, request))

    assert "has a new user PIN" in said


def test_a_newcomer_signs_in_with_the_certificate_of_the_demo(tmp_path: Path) -> None:
    with demo() as told:
        origin, operator = told["url"].removesuffix("/desk"), told["operators"][0]
        card = Card(Path(operator["certificate"]), operator["password"], origin)
        with chromium(tmp_path / "home", Path(told["ca"]), "en", card) as driver:
            window = Window(driver, origin)
            window.go("/desk/sign-in")
            driver.find_element(By.CSS_SELECTOR, "[data-way=certificate] button").click()
            window.wait(lambda _driver: window.path == "/desk/queue")
