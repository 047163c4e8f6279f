"""By keyboard alone, and read aloud: every control has a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from caller import NEW_PIN, caller, read_out
from kinds import JACARTA_PKI
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from scenes import SCENES
from screen_reader import Seen
from walker import Walk
from window_content import put_certificate
from window_home import Home

OpenWindow = Callable[..., Opened]
CONTROLS = frozenset(
    {"push button", "button", "toggle button", "check box", "radio button", "combo box", "entry"}
    | {"text", "password text", "list", "tree", "table", "list item", "tree item", "progress bar"}
    | {"menu item", "page tab", "page tab list", "spin button", "slider", "link", "dialog"}
    | {"frame", "tool bar"}
)
"""Roles of what a person uses or comes to; the rest only holds others."""


def nameless(seen: list[Seen]) -> list[str]:
    """Controls without a name, each with where it is."""
    return [f"{each.role} at {each.at}" for each in seen if each.role in CONTROLS and not each.name]


def pages(walk: Walk, window: Opened) -> Iterator[str]:
    """Walk to the end of a story; the heading of each page while it is shown."""
    page = walk.to(window, 0)
    while page is not None:
        yield page.heading
        if page.over:
            return
        walk.on(window, page)
        page = walk.settled(window)


@pytest.mark.parametrize("name", SCENES)
def test_no_control_of_any_page_is_without_a_name(
    name: str, home: Home, sim: SimulatorFactory, tmp_path: Path, open_window: OpenWindow
) -> None:
    with SCENES[name](home, sim, tmp_path) as walk, open_window(home) as window:
        window.wait_for("Serial number")
        seen = {"main": window.tree()}
        for heading in pages(walk, window):
            seen[heading] = window.tree()
        window.keys("Escape")
        if "Views of the token" not in window.words():
            window.keys("F3")
        window.wait_for("What is on the token", "Views of the token")
        seen["detailed"] = window.tree()
        assert window.errors == ""
    number = sum(each.role in CONTROLS for tree in seen.values() for each in tree)
    print(f"  {name}: {len(seen)} pages, {number} controls")  # noqa: T201  # who runs it by -s reads it
    found = {heading: nameless(tree) for heading, tree in seen.items()}
    assert {heading: each for heading, each in found.items() if each} == {}


def test_unblock_is_done_by_keyboard_alone_and_read_aloud(
    home: Home, sim: SimulatorFactory, tmp_path: Path, open_window: OpenWindow
) -> None:
    with caller(JACARTA_PKI, sim, home, tmp_path) as client, open_window(home) as window:
        window.wait_for("Set a new user PIN")
        window.heard()
        spoken: list[str] = []

        def hear() -> bool:
            found = window.heard()
            spoken.extend(found)
            for each in found:
                print(f"  {each}")  # noqa: T201  # the issue wants the words printed
            return False

        for _ in range(20):
            now = window.focused()
            if now is not None and now.name == "Set a new user PIN":
                break
            window.keys("Tab")
        hear()
        window.keys("Return")
        window.wait_for("Setting the user PIN")
        window.type(NEW_PIN)
        window.keys("Tab")
        window.type(NEW_PIN)
        hear()
        window.keys("Return")
        window.wait_for("Request/Response")
        read = read_out(window)
        window.type(client.answer(read))
        window.until(lambda: window.field("OK").enabled)
        hear()
        window.keys("Return")
        window.wait_for("The PIN is set, the token is unblocked")
        window.until(lambda: has_focus(window, "Done"))
        window.until(lambda: hear() or any(line.startswith("Done, ") for line in spoken))
        window.keys("Return")
        window.wait_until_gone("The PIN is set, the token is unblocked")
        hear()
        assert window.clicks == 0
        assert window.errors == ""
        for each in ("New user PIN, password text", "Response, password text", "Done, push button"):
            assert any(line.startswith(each) for line in spoken), spoken
        assert all(line.split(",")[0].strip() for line in spoken), spoken
        assert NEW_PIN not in "".join(spoken)
        client.works()


def test_tab_goes_through_the_detailed_view_from_the_top_down(
    home: Home, open_window: OpenWindow
) -> None:
    put_certificate(home.token(label="Anna Petrova"), "CN=Anna Petrova")
    acts = ("Set a new user PIN", "Change the user PIN", "Clean the token")
    more = ("Get a new certificate", "Renew a certificate")
    rest = ("Log in…", "What is on the token", "What is known of it")
    with open_window(home) as window:
        window.wait_for("Serial number")
        window.keys("F3")
        window.wait_for("What is on the token")
        for name in ("Views of the token", *acts, *more, *rest):
            window.keys("Tab")
            window.until(partial(has_focus, window, name), seconds=8, why=f"{name!r} is passed by")
        assert window.errors == ""


def has_focus(window: Opened, name: str) -> bool:
    """Whether something of this name has the focus; a row of a list may be told to have it, too."""
    return any("focused" in each.states and each.name == name for each in window.tree())
