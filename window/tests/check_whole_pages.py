"""Every page at 200 %, in both languages: nothing cut, nothing over another thing."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from scenes import SCENES
from screen_reader import Reader
from window_home import Home
from window_screen import Screen

SIZES: dict[str, dict[str, str]] = {"100 %": {}, "200 %": {}, "large text": {"QT_FONT_DPI": "144"}}
"""How large everything is, or the text alone: variables of Qt's."""


@pytest.fixture(scope="module")
def wide() -> Iterator[tuple[Screen, Reader]]:
    """A screen that holds 800 by 600 at 200 %, as the smallest one does that is in use."""
    with Screen(1600, 1200) as screen:
        reader = Reader(screen)
        yield screen, reader
        reader.close()


def looked_over(window: Opened, out: Path) -> list[str]:
    out.unlink(missing_ok=True)
    window.signal(signal.SIGUSR1)
    window.until(lambda: out.exists() or window.errors != "")
    assert window.errors == ""
    found: list[str] = json.loads(out.read_text())
    return found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCENES)
def test_pages_are_whole(
    name: str,
    size: str,
    home: Home,
    sim: SimulatorFactory,
    tmp_path: Path,
    wide: tuple[Screen, Reader],
) -> None:
    screen, reader = wide
    out = tmp_path / "looked-over.json"
    home.more |= {"WINDOW_LOOKED_OVER": str(out), **SIZES[size]}
    found: dict[str, list[str]] = {}
    with (
        SCENES[name](home, sim, tmp_path) as walk,
        Opened(
            screen, reader, home, scale=2 if size == "200 %" else 1, module="looked_over_window"
        ) as window,
    ):
        window.wait_for("Serial number")
        found["main"] = looked_over(window, out)
        page = walk.to(window, 0)
        while page is not None:
            found[page.heading] = looked_over(window, out)
            window.keys("F8")
            walk.settled(window)
            found[page.heading + ", in Russian"] = looked_over(window, out)
            window.keys("F8")
            window.wait_for(page.heading)
            if page.over:
                break
            walk.on(window, page)
            page = walk.settled(window)
        assert window.errors == ""
    told = [f"{heading}: {each}" for heading, problems in found.items() for each in problems]
    assert told == [], "\n".join(told)
