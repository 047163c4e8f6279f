"""Whoever starts the program again gets the window that is open: its tokens are left alone."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from caller import Caller, caller, chooses_pin, read_out
from kinds import JACARTA_PKI
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from window_home import Home

OpenWindow = Callable[..., Opened]
OPEN = "The window is open already, and was brought to the front.\n"


@pytest.fixture
def client(home: Home, sim: SimulatorFactory, tmp_path: Path) -> Iterator[Caller]:
    """Somebody whose JaCarta PKI is locked."""
    with caller(JACARTA_PKI, sim, home, tmp_path) as made:
        yield made


def active(window: Opened) -> bool:
    """Whether one of its windows has the focus."""
    return any("active" in each.states for each in window.tree() if each.depth == 0)


def shown(window: Opened) -> bool:
    """Whether any window of its process is on the screen."""
    with suppress(RuntimeError):  # xdotool finds none
        search = ("xdotool", "search", "--all", "--onlyvisible", "--pid", str(window.pid))
        return bool(window.screen.run(*search, "--name", "Crypto tokens").strip())
    return False


def starts_again(window: Opened, open_window: OpenWindow) -> None:
    """The window is minimized, the program started once more, which brings it back."""
    window.screen.run("xdotool", "getactivewindow", "windowminimize")
    window.until(lambda: not active(window), why="it is not minimized")
    with open_window(window.home) as other:
        assert other.ended() == 0
        assert other.errors == OPEN
    window.until(lambda: active(window), why="it does not come to the front")


def test_a_second_start_shows_the_window_that_is_open(home: Home, open_window: OpenWindow) -> None:
    home.token(label="Anna")
    with open_window(home) as window:
        window.wait_for("The token is in order")
        window.until(lambda: active(window))
        starts_again(window, open_window)
        window.close()
        assert window.ended() == 0
        assert window.errors == ""
    with open_window(home) as window:
        window.wait_for("The token is in order")
        window.signal(signal.SIGKILL)
        window.process.wait()
    with open_window(home) as window:  # nothing is left that a crash could leave
        window.wait_for("The token is in order")


def test_a_second_start_makes_no_request_void(client: Caller, open_window: OpenWindow) -> None:
    with open_window(client.home) as window:
        window.press("Set a new user PIN")
        window.wait_for("Setting the user PIN")
        chooses_pin(window)
        read = read_out(window)
        before = client.locked.device.counts()
        with open_window(client.home) as other:
            assert other.ended() == 0
            assert other.errors == OPEN
        after = client.locked.device.counts()
        assert {**after, "C_GetSlotList": 0} == {**before, "C_GetSlotList": 0}
        window.type(client.answer(read))
        window.press("OK")
        window.wait_for("The PIN is set, the token is unblocked")


def test_a_window_that_does_not_answer_keeps_nobody_from_another_one(
    home: Home, open_window: OpenWindow
) -> None:
    home.token(label="Anna")
    with open_window(home) as window:
        window.wait_for("The token is in order")
        window.signal(signal.SIGSTOP)
        with open_window(home) as other:
            window.until(lambda: shown(other), why="no other window came")  # none is read aloud
            window.signal(signal.SIGCONT)
            other.wait_for("The token is in order")
