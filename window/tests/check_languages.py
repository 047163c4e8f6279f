"""The language is another one at any page: nothing of the old one is left, in either direction."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from lockwright import i18n
from lockwright.i18n import _
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from scenes import SCENES
from walker import Page, Walk
from window_content import put_certificate
from window_home import Home

OpenWindow = Callable[..., Opened]
SWITCH = {"Русский", "Русский (F8)", "English", "English (F8)"}
"""The tool that changes the language is called in the other one."""
CYRILLIC = re.compile("[\u0400-\u04ff]")


def everything(window: Opened) -> set[str]:
    """Every line that can be read in its windows, or is told of them."""
    return set(window.words().splitlines()) - SWITCH


def not_russian(before: set[str], after: set[str]) -> list[str]:
    """What stayed although it can be said in Russian: a sentence, or words of the catalogue."""
    with speaking("ru"):
        return [each for each in before & after if is_sentence(each) or _(each) != each]


def not_english(lines: set[str]) -> list[str]:
    """What is Russian; nothing on the tokens is."""
    return [each for each in lines if CYRILLIC.search(each)]


def is_sentence(line: str) -> bool:
    """Whether a line is a sentence in English, and no name, number or date."""
    words = [word for word in line.split() if word.isalpha() and word.isascii() and len(word) > 2]
    return len(words) >= 3 and line.isascii()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    before = i18n.language()
    i18n.use(language)
    try:
        yield
    finally:
        i18n.use(before)


def turned(window: Opened, russian: bool) -> set[str]:  # noqa: FBT001
    """Change the language; everything once that is done."""
    window.keys("F8")
    title = "Криптографические токены" if russian else "Crypto tokens"
    window.until(lambda: window.tree()[-1].depth >= 0 and title in window.words())
    before: set[str] = set()
    while (now := everything(window)) != before:
        before = now
    return now


def left(window: Opened) -> list[str]:
    """Change the language there and back; what was left of the one before."""
    before = everything(window)
    russian = turned(window, russian=True)
    english = turned(window, russian=False)
    return [*not_english(before), *not_russian(before, russian), *not_english(english)]


def on_in_russian(walk: Walk, window: Opened, page: Page) -> Page | None:
    """Go on to a page that is made in Russian, and change to English there."""
    walk.fill(window, page)
    now = walk.settled(window)
    if now is None or now.next is None or now.heading != page.heading:
        return now
    number = now.buttons.index(now.next)
    window.until(lambda: (shown := walk.page(window)) is not None and shown.buttons[number].enabled)
    turned(window, russian=True)
    shown = walk.settled(window)
    assert shown is not None
    window.click(shown.buttons[number])
    window.until(lambda: (new := walk.page(window)) is None or new.heading != shown.heading)
    turned(window, russian=False)
    return walk.settled(window)


@pytest.mark.parametrize("name", SCENES)
def test_page_is_wholly_in_the_language_in_use_in_which_one_it_was_made(
    name: str, home: Home, sim: SimulatorFactory, tmp_path: Path, open_window: OpenWindow
) -> None:
    found: dict[str, list[str]] = {}
    with SCENES[name](home, sim, tmp_path) as walk, open_window(home) as window:
        window.wait_for("Serial number")
        page = walk.to(window, 0)
        while page is not None:
            found[page.heading] = left(window)
            if page.over:
                break
            page = on_in_russian(walk, window, page)
        assert window.errors == ""
    assert len(found) > 1 or name == "log in"
    assert {heading: each for heading, each in found.items() if each} == {}


def test_every_view_of_the_main_window_is_wholly_in_the_language_in_use(
    home: Home, open_window: OpenWindow
) -> None:
    token = home.token("etoken")
    put_certificate(token, "CN=Anna Petrova")
    home.token("jacarta-gost2", label="Two applets")
    with open_window(home) as window:
        window.wait_for("Serial number")
        found = {"simple": left(window)}
        window.keys("F3")
        window.wait_for("What is on the token")
        found["detailed"] = left(window)
        window.press("Token information")
        found["information"] = left(window)
        window.keys("F2")
        window.wait_for("The administrator's mode always shows it.")
        found["administrator"] = left(window)
        for each in home.tokens:
            each.unplug()
        window.wait_for("No token is connected")
        found["none"] = left(window)
        assert window.errors == ""
    assert {view: each for view, each in found.items() if each} == {}
