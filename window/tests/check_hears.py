"""How long the window ever hears nothing, on a slow token and on a full one; figures by -s."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from lockwright_testkit.bank import SOFTHSM
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory
from paced import OpenWindow, Paced
from scenes import SCENES
from window_content import fill_up
from window_home import Home

SLOW = 300
"""Milliseconds of each call of a slow token."""
PATIENT = 240.0
SETTLED = 3.0
"""Seconds until everything is imported that a person may need, and a token that went is missed."""
CONTAINERS = 333
"""Of three objects each; with one certificate more that is 1,000."""


@pytest.mark.parametrize(
    "name", ["new PIN by Request", "delete one", "change the PIN", "enrol to the token"]
)
def test_window_hears_while_each_call_takes_300_ms(
    name: str, home: Home, sim: SimulatorFactory, tmp_path: Path, open_window: OpenWindow
) -> None:
    with SCENES[name](home, sim, tmp_path) as walk:
        walk.patience = PATIENT
        home.tokens[0].set("delay", SLOW)
        paced = Paced(home, open_window)
        paced.window.wait_for("Serial number", seconds=PATIENT)
        assert walk.out(paced.window, walk.to(paced.window, 0))[-1].well
        home.tokens[0].set("delay", 0)
        paced.end(name)


@pytest.mark.parametrize(
    ("delay", "patience"),
    [
        pytest.param(10, 120, id="quick"),
        pytest.param(SLOW, 3000, id="long", marks=pytest.mark.timeout(7200)),
    ],
)
def test_window_hears_while_a_thousand_objects_are_listed_chosen_and_to_be_cleaned(
    home: Home,
    open_window: OpenWindow,
    request: pytest.FixtureRequest,
    delay: int,
    patience: float,
) -> None:
    """At 300 ms a call each listing takes three to five minutes; ``-k long`` does that."""
    if delay == SLOW and "long" not in request.config.getoption("keyword"):
        pytest.skip("it takes three quarters of an hour: -k long")
    token = home.token("plain", label="Full", settings=SOFTHSM)
    fill_up(token, CONTAINERS, alone=1)
    token.set("delay", delay)
    paced = Paced(home, open_window)
    paced.shown(patience)
    paced.keys("F3")
    filled = paced.fills(0, patience)
    for keys in (("Return", "Down", "End"), ("Home", "Down", "Right"), ("F8", "F8"), ("ctrl+a",)):
        paced.keys(*keys)
    paced.keys("Home", "asterisk")  # every container is opened
    for keys in (("ctrl+a",), ("F5",), ("F8",), ("F2",), ("F2",), ("F8",), ("F3",), ("F3",)):
        paced.keys(*keys)
    token.unplug()
    time.sleep(SETTLED)
    token.plug()
    filled = paced.fills(filled, patience)
    paced.keys("F3")
    _clean(paced, filled, patience)
    paced.end(f"1,000 objects at {delay} ms a call")


def _clean(paced: Paced, filled: int, patience: float) -> None:
    """Have everything chosen, and shown as what goes; then leave it all on the token."""
    window = paced.window
    window.press("Clean the token")
    window.press("Some of it...")
    window.press("Next")
    window.wait_for("To see everything on it")
    window.type(USER_PIN)
    window.keys("Return")
    filled = paced.fills(filled, patience)
    for keys in (("space",), ("Down", "space"), ("space",), ("F8",), ("End",), ("Home",)):
        paced.keys(*keys)
    window.keys("Return")
    paced.fills(filled, patience)
    paced.keys("Down", "End")
    paced.keys("Escape")
