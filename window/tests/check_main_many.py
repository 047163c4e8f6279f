"""A token that is full: the window hears its person all the time, and a deletion stops safely."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable

import pytest
from caller import pause
from lockwright_testkit.bank import SOFTHSM
from lockwright_testkit.sim import USER_PIN, Simulator
from opened_window import Opened
from pictures import picture
from window_content import content, fill_up
from window_home import Home

OpenWindow = Callable[..., Opened]
MANY = 333
"""Containers of three objects; with one certificate more that is 1,000."""
_SEEN = 3
"""Seconds until a token is missed, and the next look has ended."""
SLOW = 400
"""Milliseconds to remove an object, so that there is time to press a button."""


def full(home: Home, containers: int, *, alone: int = 0) -> Simulator:
    token = home.token("plain", label="Full", settings=SOFTHSM)
    fill_up(token, containers, alone=alone)
    return token


def test_a_thousand_objects_are_shown_walked_chosen_and_come_again(
    home: Home, open_window: OpenWindow
) -> None:
    token = full(home, MANY, alone=1)
    out = home.folder / "measured.json"
    home.more["WINDOW_MEASURED"] = str(out)
    with open_window(home, lang="en", module="measured_window") as window:
        window.until(out.exists)  # nobody reads it meanwhile: a screen reader has it do much more
        for keys in (("F3",), ("Return", "Down", "End"), ("Home", "Down", "Right"), ("F8", "F5")):
            window.keys(*keys)
            time.sleep(1)
        token.unplug()
        time.sleep(_SEEN)
        token.plug()
        time.sleep(_SEEN)
        quiet = time.monotonic()
        window.wait_for(f"Сертификаты пользователей ({MANY + 1})", seconds=60)
        window.keys("Tab", "Tab")
        window.press("c0...")
        window.keys("ctrl+a")
        window.wait_for("Удалить выбранное")
        window.signal(signal.SIGTERM)
        assert window.ended() == 0
    gaps = [gap for gap in json.loads(out.read_text())["gaps"] if gap["at"] < quiet]
    worst = max((float(gap["blocked"]) for gap in gaps), default=0)
    print(f"1,000 objects: longest {worst * 1000:.0f} ms", *gaps[:4], sep="\n")  # noqa: T201


@pytest.mark.parametrize("by", ["button", "closing"])
def test_deletion_is_stopped_between_two_objects_and_says_what_is_left(
    home: Home, open_window: OpenWindow, by: str
) -> None:
    token = full(home, 3)
    token.set("delay.C_DestroyObject", SLOW)
    with open_window(home, lang="en") as window:
        window.wait_for("Full")
        window.press("Clean the token")
        window.press("Everything")
        window.press("Next")
        window.wait_for("To see everything on it")
        window.type(USER_PIN)
        window.keys("Return")
        window.wait_for("9 objects go from the token")
        window.press("Yes, delete everything from the token...")
        pause()
        window.press("Delete")
        window.wait_for("1 of 9 objects is gone", "of 9 objects are gone")
        picture(window, "clean-going")
        if by == "button":
            window.press("Stop")
            window.wait_for("Stopped, as you wished")
            assert "Still on the token:" in window.words()
            picture(window, "clean-stopped")
        else:
            window.keys("Escape")
            window.wait_for("Those that are gone stay gone. Stop now?")
            window.press("Close all the same")
            window.wait_for("Set a new user PIN")
        if by == "button":
            pause()
            window.press("Done")
        window.until(lambda: _alone(window))
        window.close()
        assert window.ended() == 0
        assert "Traceback" not in window.errors
    token.set("delay.C_DestroyObject", 0)
    assert 0 < len(content(token).all_objects) < 9


def _alone(window: Opened) -> bool:
    """Whether the main window is alone, and hears keys."""
    windows = [each for each in window.tree() if each.depth == 0]
    return len(windows) == 1 and "active" in windows[0].states
