"""A PIN that must be changed after an unblock, where the token lets nobody in before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lockwright.errors import PinExpired, PinIncorrect, PinRefusedByToken
from lockwright.models import PinState, Token, UnblockWay
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret
from lockwright_jacarta import adapter
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

Finder = Callable[[Simulator], tuple[Module, Token]]
Lock = Callable[[Module, Token], None]
Opens = Callable[[Module, Token, Secret], bool]

NEW = Secret("Nova-pin-2")


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    return sim(
        "jacarta-pki",
        settings={"change.after.unlock": True, "user.change.first": True, "user.tries.max": 3},
    )


@pytest.fixture
def unblocked(device: Simulator, found: Finder, lock: Lock, so_pin: Secret) -> tuple[Module, Token]:
    """A token that was locked, and unblocked by its administrator, who kept the PIN."""
    module, token = found(device)
    lock(module, token)
    adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, so_pin, None)
    return module, token


def test_it_is_told_and_costs_nothing(
    device: Simulator, unblocked: tuple[Module, Token], pin: Secret
) -> None:
    user = adapter.lockwright_state(*unblocked).user_pin
    assert user is not None
    assert user.state is PinState.TO_BE_CHANGED
    with pytest.raises(PinExpired):
        adapter.lockwright_list(*unblocked, pin, None)
    assert device.tries() == 3


def test_its_owner_changes_it_and_is_let_in(
    unblocked: tuple[Module, Token], pin: Secret, opens: Opens
) -> None:
    adapter.lockwright_change_pin(*unblocked, pin, NEW)
    assert opens(*unblocked, NEW)


def test_wrong_and_weak_pins_are_told_as_ever(
    device: Simulator, unblocked: tuple[Module, Token], pin: Secret, opens: Opens
) -> None:
    with pytest.raises(PinIncorrect):
        adapter.lockwright_change_pin(*unblocked, Secret("not-the-pin"), NEW)
    assert device.tries() == 2
    with pytest.raises(PinRefusedByToken):
        adapter.lockwright_change_pin(*unblocked, pin, Secret("abc"))
    assert device.show()["slot0.user.change"] == "yes"
