"""A new PIN by every way that a token offers, over the pages that it needs and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from caller import NEW_PIN, Caller, caller, read_out, types
from kinds import ETOKEN, IDPRIME, JACARTA_GOST2, JACARTA_PRO, PUK, Kind
from lockwright.models import PinState
from lockwright_testkit.sim import SO_PIN, USER_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from window_home import Home

Opens = Callable[..., Opened]


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> Kind:
    """What kind of token it is."""
    wanted: Kind = request.param
    return wanted


@pytest.fixture
def client(kind: Kind, home: Home, sim: SimulatorFactory, tmp_path: Path) -> Iterator[Caller]:
    """Somebody whose token is locked."""
    with caller(kind, sim, home, tmp_path) as made:
        yield made


def of(*kinds: Kind) -> pytest.MarkDecorator:
    """Run a check with tokens of these kinds."""
    return pytest.mark.parametrize("kind", kinds, ids=[each.name for each in kinds], indirect=True)


@of(ETOKEN, IDPRIME, JACARTA_PRO)
def test_request_and_response_are_the_usual_way_and_cost_three_clicks(
    client: Caller, open_window: Opens
) -> None:
    with open_window(client.home) as window:
        window.press("Set a new user PIN")
        window.wait_for("Setting the user PIN")
        types(window)
        window.type(NEW_PIN)
        window.keys("Tab")
        window.type(NEW_PIN)
        window.press("Carry out")
        window.type(client.answer(read_out(window)))
        window.press("OK")
        window.wait_for("The PIN is set, the token is unblocked")
        assert window.clicks <= 3  # SafeNet's manual: the token, Unlock Token, OK
        assert window.errors == ""
    client.works()


@of(ETOKEN)
def test_by_the_administrators_pin_a_wrong_one_says_what_is_left_and_keeps_the_new_pin(
    client: Caller, open_window: Opens
) -> None:
    with open_window(client.home) as window:
        window.press("Set a new user PIN")
        window.press("With the administrator's PIN")
        window.type("not-the-SO-1", into="Administrator's PIN (SO PIN)")
        window.type(NEW_PIN, into="New user PIN")
        window.keys("Tab")
        window.type(NEW_PIN)
        window.press("Carry out")
        window.wait_for("The SO PIN is wrong.")
        window.type(SO_PIN)
        window.keys("Return")
        window.wait_for("The PIN is set, the token is unblocked")
        assert window.errors == ""
    client.works()


@of(JACARTA_GOST2)
def test_by_puk_or_with_the_bank_where_the_pin_is_kept(client: Caller, open_window: Opens) -> None:
    with open_window(client.home) as window:
        window.press("Set a new user PIN")
        window.press("Keep the PIN and only unlock it, with the bank's help")
        window.press("Carry out")
        window.type(client.answer(read_out(window), checked=False))
        window.wait_for("It is whole.")
        window.press("OK")
        window.wait_for("keeps its user PIN")
        window.keys("Return")
        window.wait_until_gone("keeps its user PIN")
        client.works(USER_PIN)

        window.press("Set a new user PIN")
        window.type(PUK, into="PUK")
        window.type(NEW_PIN, into="New user PIN")
        window.keys("Tab")
        window.type(NEW_PIN)
        window.keys("Return")
        window.wait_for("The PIN is set, the token is unblocked")
        assert window.errors == ""
    client.works(NEW_PIN)
    assert client.locked.state() is PinState.OK
