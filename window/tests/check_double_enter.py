"""Enter pressed twice: what was begun by the first is not stopped by the second."""

from __future__ import annotations

from collections.abc import Callable

from bank_side import PASSWORD, bank, credentials
from lockwright_testkit.sim import USER_PIN
from opened_window import Opened
from window_content import content, fill_up
from window_home import Home

OpenWindow = Callable[..., Opened]
SLOW = 150
"""Milliseconds of each call: the page with "Stop" is there when the second one is pressed."""


def test_a_certificate_is_got_whole(home: Home, open_window: OpenWindow) -> None:
    token = home.token("etoken", label="Anna")
    with bank(home), open_window(home) as window:
        window.press("Get a new certificate")
        window.wait_for("What will be done")
        window.press("Next")
        credentials(window, PASSWORD)
        window.wait_for("Kind of storage")
        window.press("Next")
        window.wait_for("User PIN")
        window.type(USER_PIN)
        token.set("delay", SLOW)
        window.keys("Return")
        window.field("Stop")
        window.keys("Return", "space", "Return")
        window.wait_for("The certificate is written", "Stopped", "did not work")
        assert "Stopped" not in window.words()
        assert window.find("Stop") is None


def test_a_container_goes_whole(home: Home, open_window: OpenWindow) -> None:
    token = home.token("etoken", label="Anna")
    fill_up(token, 3)
    with open_window(home) as window:
        window.wait_for("The token is in order")
        window.press("Clean the token")
        window.wait_for("What is to be deleted?")
        window.press("Everything")
        window.press("Next")
        window.wait_for("the token needs your PIN")
        window.type(USER_PIN)
        window.keys("Return")
        window.wait_for("This will be deleted")
        window.press("Yes, delete...")
        token.set("delay", SLOW)
        window.keys("Return")
        window.field("Stop")
        window.keys("Return", "space", "Return")
        window.wait_for("9 objects are gone.", "Stopped, as you wished")
        assert "Stopped" not in window.words()
    token.set("delay", 0)
    assert content(token).containers == ()
