"""Every page in both languages, three sizes and all colours: nothing is cut, nothing unclear."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from lockwright_testkit.filling import fill
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from scenes import SCENES
from screen_reader import Reader
from window_content import put_certificate
from window_home import Home
from window_screen import Screen

SIZES = {
    "100 %": {},
    "200 %": {},
    "large text": {"QT_FONT_DPI": "144", "QT_ENABLE_HIGHDPI_SCALING": "0"},
}
"""How large everything is, or the text alone; Qt 6.12 would enlarge the rest with the text."""
Look = Callable[[], list[str]]


@pytest.fixture(scope="module")
def wide() -> Iterator[tuple[Screen, Reader]]:
    """A screen that holds 800 by 600 at 200 %, as the smallest one does that is in use."""
    with Screen(1600, 1200) as screen:
        reader = Reader(screen)
        yield screen, reader
        reader.close()


@contextmanager
def opened(
    size: str, home: Home, screen: Screen, reader: Reader, folder: Path
) -> Iterator[tuple[Opened, Look]]:
    """The window, and what looks it over."""
    out = folder / "looked-over.json"
    scale = 2 if size == "200 %" else 1
    home.more |= {"WINDOW_LOOKED_OVER": str(out), **SIZES[size]}
    with Opened(screen, reader, home, scale=scale, module="looked_over_window") as window:

        def look() -> list[str]:
            out.unlink(missing_ok=True)
            window.signal(signal.SIGUSR1)
            window.until(lambda: out.exists() or window.errors != "")
            assert window.errors == ""
            found: list[str] = json.loads(out.read_text())
            return found

        window.wait_for("Serial number")
        yield window, look
        assert window.errors == ""


@pytest.mark.parametrize(("name", "size"), product(SCENES, SIZES))
def test_pages_are_whole_and_clear(
    name: str,
    size: str,
    home: Home,
    sim: SimulatorFactory,
    tmp_path: Path,
    wide: tuple[Screen, Reader],
) -> None:
    found: dict[str, list[str]] = {}
    with (
        SCENES[name](home, sim, tmp_path) as walk,
        opened(size, home, *wide, tmp_path) as (window, look),
    ):
        page = walk.to(window, 0)
        while page is not None:
            found[page.heading] = look()
            window.keys("F8")
            window.wait_for("Криптографические токены")
            walk.settled(window)
            found[page.heading + ", in Russian"] = look()
            window.keys("F8")
            window.wait_for(page.heading)
            if page.over:
                break
            walk.on(window, page)
            page = walk.settled(window)
    assert found
    tell(found)


@pytest.mark.parametrize("size", SIZES)
def test_views_of_the_main_window_are_whole_and_clear(
    size: str, home: Home, tmp_path: Path, wide: tuple[Screen, Reader]
) -> None:
    token = home.token("etoken", label="A name that is as long as a token can hold"[:32])
    put_certificate(token, "CN=Anna Petrova", lasts=timedelta(days=12))
    put_certificate(token, "CN=" + 8 * "Old One ", lasts=timedelta(hours=1))
    fill(token.module, 12)
    home.token("jacarta-gost2", label="Two applets")
    found: dict[str, list[str]] = {}
    with opened(size, home, *wide, tmp_path) as (window, look):

        def looks(view: str) -> None:
            found[view] = look()
            window.keys("F8")
            window.wait_for("Криптографические токены")
            found[view + ", in Russian"] = look()
            window.keys("F8")
            window.wait_for("Crypto tokens")

        looks("simple")
        window.keys("F3")
        window.wait_for("What is on the token")
        looks("detailed")
        window.press("Anna Petrova")
        looks("chosen")
        window.press("Token information")
        looks("information")
        window.keys("F2")
        window.wait_for("The administrator's mode always shows it.")
        looks("administrator")
        for each in home.tokens:
            each.unplug()
        window.wait_for("No token is connected")
        looks("none")
    tell(found)


def tell(found: dict[str, list[str]]) -> None:
    """Nothing was found anywhere."""
    told = [f"{heading}: {each}" for heading, problems in found.items() for each in problems]
    assert told == [], "\n".join(told)
