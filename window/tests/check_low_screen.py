"""A screen on which everything is large: 640 by 400, as 1280 by 800 is at 200 %."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from caller import NEW_PIN, caller, read_out, types
from kinds import JACARTA_PKI
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from screen_reader import Reader
from window_home import Home
from window_screen import Screen


@pytest.fixture
def low() -> Iterator[Screen]:
    """The screen."""
    with Screen(640, 400) as made:
        yield made


@pytest.fixture
def low_reader(low: Screen) -> Iterator[Reader]:
    """Reads it aloud."""
    made = Reader(low)
    yield made
    made.close()


def test_a_new_pin_is_set_by_request_and_every_button_is_on_the_screen(
    home: Home, sim: SimulatorFactory, tmp_path: Path, low: Screen, low_reader: Reader
) -> None:
    with (
        caller(JACARTA_PKI, sim, home, tmp_path) as client,
        Opened(low, low_reader, home) as window,
    ):
        window.press("Set a new user PIN")
        window.wait_for("Setting the user PIN")
        _fits(window, "Carry out", "Cancel")
        types(window)
        window.type(NEW_PIN)
        window.keys("Tab")
        window.type(NEW_PIN)
        window.keys("Return")
        read = read_out(window)
        _fits(window, "OK", "Cancel")
        window.type(client.answer(read))
        window.wait_for("The check behind it fits")
        for name in ("Response", "✓✓ The check behind it fits..."):
            window.until(partial(_seen_whole, window, name), why=f"{name} is hidden")
        window.press("OK")
        window.wait_for("The PIN is set, the token is unblocked")


def _fits(window: Opened, *buttons: str) -> None:
    for name in buttons:
        left, top, width, height = window.field(name).at
        assert left >= 0, name
        assert top >= 0, name
        assert left + width <= window.screen.width, name
        assert top + height <= window.screen.height, name


def _seen_whole(window: Opened, name: str) -> bool:
    """Whether nothing around it hides any of a field, or of a sentence."""
    found = window.find(name, roles=frozenset({"password text", "label"}))
    if found is None or found.clip is None:
        return False
    top, height = found.at[1], found.at[3]
    return found.clip[1] <= top and top + height <= found.clip[1] + found.clip[3]
