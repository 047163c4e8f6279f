"""Where a PIN is while the window runs: in its fields, and nowhere once it was used or given up.

The memory of the window, and of the modules' processes that it began, is searched for it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from opened_window import Opened
from searched_memory import can_be_searched, times
from window_home import Home

OLD, NEW = "Wr7zqKPv", "Xy7qLmz2"
CYRILLIC = "Ключ-Xy7q"
SO_PIN = "87654321"


@pytest.fixture
def window(home: Home, open_window: Callable[..., Opened]) -> Opened:
    """A window in which the PIN of a token is about to be changed; its logs are on."""
    home.token("jacarta-pki", user_pin=OLD)
    opened = open_window(home, arguments=("--verbose",))
    if not can_be_searched(opened.pid):
        pytest.skip("the memory of a process that forbids dumps is read by root alone")
    opened.press("Change the user PIN")
    opened.wait_for("The same once more")
    return opened


def counted(window: Opened, *texts: str) -> list[int]:
    """How often each is in the memory of the window."""
    return times(window.pid, *texts)


def counted_beside(window: Opened, *texts: str) -> int:
    """How often they are in that of its modules' processes; a simulated token keeps its own PIN."""
    return sum(sum(times(pid, *texts)) for pid in window.family)


def typed(window: Opened, field: str, dots: int) -> None:
    window.until(lambda: window.field(field).text == "●" * dots, why="it was not typed")


def test_a_pin_is_in_its_field_alone_and_nowhere_once_it_was_used(window: Opened) -> None:
    window.type(OLD, into="User PIN")
    window.type(NEW, into="New user PIN")
    typed(window, "New user PIN", 8)
    assert counted(window, OLD, NEW) == [1, 1]
    window.type(NEW, into="The same once more")
    typed(window, "The same once more", 8)
    assert counted(window, OLD, NEW, NEW[:5]) == [1, 2, 2]
    assert counted_beside(window, NEW) == 0

    window.press("Change")
    window.wait_for("The user PIN was changed")
    assert counted(window, OLD, NEW, OLD[:5], NEW[:5]) == [0, 0, 0, 0]
    window.press("Done")
    window.wait_for("The token is in order")
    window.close()
    assert window.ended() == 0
    for each in (OLD, NEW):
        assert each not in window.errors
        assert each not in str(window.home.audit)


def test_a_pin_is_nowhere_once_it_was_given_up(window: Opened) -> None:
    window.type(OLD, into="User PIN")
    window.type(CYRILLIC, into="New user PIN")
    typed(window, "New user PIN", len(CYRILLIC))
    assert counted(window, OLD, CYRILLIC) == [1, 1]
    window.keys("Escape")
    window.wait_until_gone("The same once more")
    parts = (OLD, CYRILLIC, CYRILLIC[:5], CYRILLIC.casefold())
    window.until(lambda: counted(window, *parts) == [0, 0, 0, 0], seconds=5)


def test_pins_are_nowhere_once_their_use_was_stopped(window: Opened) -> None:
    window.home.tokens[0].set("delay.C_SetPIN", 1500)
    window.type(OLD, into="User PIN")
    window.type(NEW, into="New user PIN")
    window.type(NEW, into="The same once more")
    window.press("Change")
    window.wait_for("Changing the PIN…")
    window.keys("Escape")
    window.wait_until_gone("Changing the PIN…")
    window.until(lambda: counted(window, OLD, NEW) == [0, 0], seconds=10)


def test_a_pin_that_was_shown_is_nowhere_more_than_one_that_was_not(window: Opened) -> None:
    window.type(OLD, into="User PIN")
    typed(window, "User PIN", 8)
    window.screen.run("xdotool", "keydown", "F4")
    window.until(lambda: times(window.pid, OLD) == [1])
    assert window.field("User PIN").text == "●" * 8  # also while it is shown
    assert OLD not in window.words()
    window.screen.run("xdotool", "keyup", "F4")
    window.keys("ctrl+a", "ctrl+c", "ctrl+x")
    typed(window, "User PIN", 8)
    assert counted(window, OLD) == [1]
    window.keys("BackSpace")
    typed(window, "User PIN", 0)
    assert counted(window, OLD, OLD[:5]) == [0, 0]


def test_a_wrong_pin_is_nowhere_when_it_is_asked_for_again(window: Opened) -> None:
    window.type("Wr0ngWr0", into="User PIN")
    window.type(NEW, into="New user PIN")
    window.type(NEW, into="The same once more")
    window.press("Change")
    window.wait_for("The user PIN is wrong.")
    assert counted(window, "Wr0ngWr0", NEW) == [0, 2]
    assert counted_beside(window, "Wr0ngWr0", NEW) == 0
