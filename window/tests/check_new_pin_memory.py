"""Where a new PIN and a Response are while they wait, and that they are nowhere afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from caller import NEW_PIN, Caller, caller, chooses_pin, closes, read_out
from kinds import JACARTA_PKI
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from searched_memory import can_be_searched, times
from window_home import Home

Opens = Callable[..., Opened]


@pytest.fixture
def client(home: Home, sim: SimulatorFactory, tmp_path: Path) -> Iterator[Caller]:
    """Somebody whose JaCarta PKI is locked."""
    with caller(JACARTA_PKI, sim, home, tmp_path) as made:
        yield made


@pytest.fixture
def window(client: Caller, open_window: Opens) -> Opened:
    """A window in which a Request waits; its logs are on."""
    opened = open_window(client.home, arguments=("--verbose",))
    if not can_be_searched(opened.pid):
        pytest.skip("the memory of a process that forbids dumps is read by root alone")
    opened.press("Set a new user PIN")
    opened.wait_for("Setting the user PIN")
    chooses_pin(opened)
    opened.wait_for("Request/Response")
    return opened


def counted(window: Opened, *texts: str) -> list[int]:
    """How often each is in the memory of the window."""
    return times(window.pid, *texts)


def test_pin_and_response_are_nowhere_once_they_were_used(client: Caller, window: Opened) -> None:
    response = client.answer(read_out(window))
    digits = response.replace(" ", "")
    assert counted(window, NEW_PIN) == [2]  # what waits has one, and one is kept for another try
    assert not any(sum(times(pid, NEW_PIN)) for pid in window.family)
    window.type(response)
    window.wait_for("The check behind it fits")
    assert counted(window, response, digits) == [1, 0]
    window.press("OK")
    window.wait_for("The PIN is set, the token is unblocked")
    nowhere = (NEW_PIN, NEW_PIN[:8], response, response[:9], digits, digits[:16])
    assert counted(window, *nowhere) == [0] * len(nowhere)
    assert not any(sum(times(pid, response, digits)) for pid in window.family)
    window.keys("Return")
    window.wait_until_gone("The PIN is set")
    closes(window)
    assert window.ended() == 0
    for each in (NEW_PIN, response, digits, digits[:16]):
        assert each not in window.errors
        assert each not in str(client.home.audit)


def test_a_new_pin_is_kept_after_a_wrong_response_alone_and_goes_with_the_window(
    window: Opened,
) -> None:
    window.type("0" * 16)
    window.press("OK")
    window.wait_for("The Response is wrong")
    assert counted(window, NEW_PIN) == [1]
    window.keys("Escape")
    window.wait_until_gone("The Response is wrong")
    window.until(lambda: counted(window, NEW_PIN, NEW_PIN[:8]) == [0, 0], seconds=5)


def test_a_new_pin_is_forgotten_with_the_token_that_was_pulled_out(
    client: Caller, window: Opened
) -> None:
    client.locked.device.unplug()
    window.wait_for("was removed")
    window.until(lambda: counted(window, NEW_PIN, NEW_PIN[:8]) == [0, 0], seconds=5)
