"""Whatever happens to token, module, computer and window: a sentence, an end, and nothing left."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from caller import NEW_PIN, types
from lockwright_testkit.sim import USER_PIN
from opened_window import Opened
from window_home import Home

QUICK = "[deadlines]\ninspect = 2\ncall = 2\n"
SECONDS = 12.0
"""Until the window has gone, on a busy machine; alone it takes 3 at most."""
OpenWindow = Callable[..., Opened]


def gone(window: Opened) -> None:
    """It ends in seconds, says nothing on stderr, and leaves no process."""
    assert window.ended(SECONDS) == 0
    assert window.errors == ""
    assert window.left() == []


@pytest.mark.parametrize("end", ["closed", "SIGTERM", "SIGINT", "SIGHUP"])
def test_window_ends_while_its_first_look_hangs(
    home: Home, open_window: OpenWindow, end: str
) -> None:
    token = home.token()
    token.fault("C_GetTokenInfo@*=hang")
    window = open_window(home)
    window.wait_for("Looking for tokens")
    window.until(lambda: token.counts().get("C_GetTokenInfo", 0) > 0)
    if end == "closed":
        window.close()
    else:
        window.signal(getattr(signal, end))
    gone(window)


def test_module_that_hangs_at_the_first_look_is_told_at_its_deadline(
    home: Home, open_window: OpenWindow
) -> None:
    home.token().fault("C_GetTokenInfo@*=hang")
    home.configure(QUICK)
    window = open_window(home)
    window.wait_for("did not answer", "does not answer")
    window.close()
    gone(window)


def test_tokens_come_and_go_by_themselves(home: Home, open_window: OpenWindow) -> None:
    one, other = home.token(label="First"), home.token(label="Second")
    other.unplug()
    window = open_window(home)
    window.wait_for("First")
    other.plug()
    window.wait_for("Second")
    one.unplug()
    window.wait_until_gone("First")
    other.unplug()
    window.wait_for("No token is connected")
    window.close()
    gone(window)


def test_window_that_was_asleep_goes_on(home: Home, open_window: OpenWindow) -> None:
    token = home.token(label="First")
    window = open_window(home)
    window.wait_for("First")
    for each in (window.pid, *window.family):
        os.kill(each, signal.SIGSTOP)
    token.unplug()
    time.sleep(1.5)
    for each in (*window.family, window.pid):
        os.kill(each, signal.SIGCONT)
    window.wait_for("No token is connected")
    token.plug()
    window.wait_for("First")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[deadlines]\ncall = 'soon'\n", "config.toml"),
        ("[plugins]\nrequire = ['nobody']\n", "nobody"),
    ],
)
def test_broken_configuration_is_a_sentence(
    home: Home, open_window: OpenWindow, text: str, sentence: str
) -> None:
    home.token()
    home.configure(text)
    window = open_window(home)
    window.wait_for(sentence)
    assert "the code below. Code for the bank's support: " in window.words()
    assert "\ufffd" not in window.words()
    window.close()
    gone(window)


def test_module_that_cannot_be_loaded_is_a_sentence(
    home: Home, open_window: OpenWindow, tmp_path: Path
) -> None:
    broken = tmp_path / "libbroken.so"
    broken.write_text("this is no module")
    window = open_window(home, arguments=("--module", str(broken)))
    window.wait_for("libbroken.so")
    window.close()
    gone(window)


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.2, 0.3, 0.4, 0.6])
def test_window_ends_whenever_the_session_does(
    home: Home, open_window: OpenWindow, seconds: float
) -> None:
    """While it starts, too: whatever it has begun by then is ended."""
    home.token().set("delay.*", 20)
    window = open_window(home)
    time.sleep(seconds)
    window.signal(signal.SIGTERM)
    assert window.ended(SECONDS) in (0, -signal.SIGTERM)
    assert window.errors == ""
    assert window.left() == []


def test_pin_goes_to_no_other_token_that_was_put_in_its_place(
    home: Home, open_window: OpenWindow
) -> None:
    """Between two looks at the slots nothing shows that it is another one."""
    token = home.token(label="Anna")
    with open_window(home, lang="en") as window:
        window.press("Change the user PIN")
        window.wait_for("New user PIN")
        types(window)
        window.type(USER_PIN)
        for _ in range(2):
            window.keys("Tab")
            window.type(NEW_PIN)
        window.until(lambda: window.field("Change").enabled, why="it stays grey")
        token.zero_counts()
        token.set("serial", "0011223344556677", slot=0)
        window.keys("Return")
        window.wait_for("No try was spent and nothing on the token was changed.")
        assert "was removed" in window.words()
        assert "C_Login" not in token.counts()
        assert "C_SetPIN" not in token.counts()
        window.keys("Escape")
        window.wait_for("0011223344556677")
