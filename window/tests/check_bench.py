"""The bench itself: the window opens on it, is read, is driven, and ends with nothing left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from opened_window import Opened
from window_home import Home


def test_window_is_read_driven_pictured_and_closed(
    home: Home, open_window: Callable[..., Opened], tmp_path: Path
) -> None:
    home.token("jacarta-pki", label="Anna Petrova")
    with open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        assert window.field("Change the user PIN").enabled
        window.keys("F8")
        window.wait_for("Язык", "English (F8)")
        window.press("English (F8)")
        window.wait_for("The token is in order")
        assert (window.clicks, window.keystrokes) == (1, 1)
        assert window.picture(tmp_path / "window.png").stat().st_size > 2000
        assert window.family
        window.close()
        assert window.ended() == 0
        assert window.errors == ""
        assert window.family == []


def test_window_is_driven_at_twice_the_size(home: Home, open_window: Callable[..., Opened]) -> None:
    home.token("etoken", label="Контора")
    with open_window(home, lang="en", scale=2) as window:
        window.wait_for("Контора")
        window.press("Русский (F8)")
        window.wait_for("English (F8)")
