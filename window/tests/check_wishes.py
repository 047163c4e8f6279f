"""What the desktop's user wishes of colours is followed, also while the window is open."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lockwright_window.pieces.colours import SCHEMES
from opened_window import Opened
from window_home import Home
from window_screen import Screen

Wish = Callable[..., None]
NONE, DARK, LIGHT = 0, 1, 2


@pytest.fixture
def wish(screen: Screen) -> Iterator[Wish]:
    """The desktop's settings: ``wish(scheme, contrast)`` changes them."""
    helper = Path(__file__).parent / "support" / "tells_wishes.py"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with subprocess.Popen(
        ["/usr/bin/python3", "-I", str(helper)],
        env=kept | screen.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as desktop:
        into, out = desktop.stdin, desktop.stdout
        assert into is not None
        assert out is not None
        assert out.readline() == "ready\n"

        def change(scheme: int, contrast: int) -> None:
            into.write(json.dumps({"color-scheme": scheme, "contrast": contrast}) + "\n")
            into.flush()

        yield change
        into.close()


def test_dark_colours_and_much_contrast_are_worn_as_the_desktop_wishes(
    home: Home, wish: Wish, open_window: Callable[..., Opened]
) -> None:
    home.token(label="Anna Petrova")
    home.more["QT_QPA_PLATFORMTHEME"] = "gnome"  # on GNOME, Qt takes it by itself
    wish(DARK, contrast=1)
    with open_window(home) as window:

        def wears(name: str) -> None:
            colour, screen = SCHEMES[name].chosen, window.screen
            window.until(lambda: screen.shows(colour), why=f"it is not {name}")
            window.wait_for("The token is in order")

        wears("contrast-dark")
        wish(DARK, contrast=0)
        wears("dark")
        wish(LIGHT, contrast=1)
        wears("contrast-light")
        wish(NONE, contrast=0)
        wears("light")
        assert window.errors == ""
