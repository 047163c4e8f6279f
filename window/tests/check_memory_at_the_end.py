"""What was typed is nowhere once a story says how it ended, although its window is still open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from bank_side import PASSWORD
from lockwright_testkit.sim import SO_PIN, USER_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from scene import NEW_PIN
from scenes import SCENES
from searched_memory import can_be_searched, times
from window_home import Home

SECRETS = (NEW_PIN, SO_PIN, USER_PIN, PASSWORD, NEW_PIN[:6], SO_PIN[:8], USER_PIN[:7])


@pytest.mark.parametrize("name", SCENES)
def test_secrets_are_nowhere_on_the_page_that_ends_a_story(
    home: Home,
    sim: SimulatorFactory,
    tmp_path: Path,
    open_window: Callable[..., Opened],
    name: str,
) -> None:
    with SCENES[name](home, sim, tmp_path) as walk, open_window(home) as window:
        if not can_be_searched(window.pid):
            pytest.skip("the memory of a process that forbids dumps is read by root alone")
        window.wait_for("Serial number")
        pages = walk.out(window, walk.to(window, 0))
        window.until(
            lambda: times(window.pid, *SECRETS) == [0] * len(SECRETS),
            seconds=5,
            why=f"after {[each.heading for each in pages]}",
        )
