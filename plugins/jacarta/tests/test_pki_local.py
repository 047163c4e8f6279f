"""The PKI applet with its administrator at hand, and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lockwright.errors import NotSupported, PinIncorrect, PinRefusedByToken
from lockwright.models import PinState, Token, UnblockWay
from lockwright.pkcs11.session import Module
from lockwright.policy import PinPolicy
from lockwright.secret import Secret
from lockwright_jacarta import adapter
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory

Finder = Callable[[Simulator], tuple[Module, Token]]
Lock = Callable[[Module, Token], None]
Opens = Callable[[Module, Token, Secret], bool]
Certify = Callable[[Module, Token, Secret], Callable[[Secret], None]]

KEY = bytes(range(24))
NEW = Secret("Nova-pin-2")
SO, CHALLENGE = frozenset({UnblockWay.SO_PIN}), frozenset({UnblockWay.CHALLENGE})


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    """A token whose administrator is a PIN."""
    return sim("jacarta-pki", settings={"user.tries.max": 3, "user.unblocks.max": 2})


def test_the_administrator_sets_a_new_pin_and_the_old_key_still_signs(
    device: Simulator,
    found: Finder,
    lock: Lock,
    certify: Certify,
    pin: Secret,
    so_pin: Secret,
    opens: Opens,
) -> None:
    module, token = found(device)
    signs = certify(module, token, pin)
    lock(module, token)
    adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, so_pin, NEW)
    signs(NEW)
    assert not opens(module, token, pin)


def test_the_administrator_keeps_the_pin_as_often_as_the_token_allows(
    device: Simulator, found: Finder, lock: Lock, pin: Secret, so_pin: Secret, opens: Opens
) -> None:
    module, token = found(device)
    for left in (1, 0):
        lock(module, token)
        adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, so_pin, None)
        assert opens(module, token, pin)
        user = adapter.lockwright_state(module, token).user_pin
        assert user is not None
        assert user.unblocks_left == left
    lock(module, token)
    with pytest.raises(NotSupported, match="no unblocks are left"):
        adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, so_pin, None)


def test_a_wrong_administrators_pin_is_told(device: Simulator, found: Finder) -> None:
    module, token = found(device)
    for new_pin in (NEW, None):
        with pytest.raises(PinIncorrect) as caught:
            adapter.lockwright_unblock(
                module, token, UnblockWay.SO_PIN, Secret("not-the-so"), new_pin
            )
        assert caught.value.facts["role"] == "SO PIN"
    assert device.tries("so") == 1


def test_a_key_is_no_pin_and_costs_no_try(
    sim: SimulatorFactory, found: Finder, so_pin: Secret
) -> None:
    device = sim("jacarta-pki", settings={"admin.key": KEY})
    module, token = found(device)
    for new_pin in (NEW, None):
        with pytest.raises(NotSupported, match="the administrator is a key"):
            adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, so_pin, new_pin)
    with pytest.raises(NotSupported):
        adapter.lockwright_unblock(module, token, UnblockWay.PUK, so_pin, NEW)
    assert "C_Login" not in device.counts()


@pytest.mark.parametrize(("key", "way"), [(b"", SO), (KEY, CHALLENGE)])
def test_its_ways_to_unblock_are_those_of_its_administrator(
    sim: SimulatorFactory, found: Finder, key: bytes, way: frozenset[UnblockWay]
) -> None:
    module, token = found(sim("jacarta-pki", settings={"admin.key": key}))
    can = adapter.lockwright_state(module, token).capabilities
    assert can.unblock_sets_pin == can.unblock_keeps_pin == way
    assert can.reads_tries
    assert can.reads_unblocks


def test_tries_and_unblocks_are_numbers(device: Simulator, found: Finder, opens: Opens) -> None:
    module, token = found(device)
    opens(module, token, Secret("not-the-pin"))
    state = adapter.lockwright_state(module, token)
    assert state.user_pin is not None
    assert state.so_pin is not None
    assert (state.user_pin.tries_left, state.user_pin.unblocks_left) == (2, 2)
    assert (state.so_pin.tries_left, state.so_pin.unblocks_left) == (3, None)
    assert state.user_pin.state is PinState.COUNT_LOW


def test_a_pin_that_was_never_set_has_no_tries(sim: SimulatorFactory, found: Finder) -> None:
    module, token = found(sim("jacarta-pki", user_pin=""))
    user = adapter.lockwright_state(module, token).user_pin
    assert user is not None
    assert (user.state, user.tries_left) == (PinState.NOT_SET, None)


def test_the_policy_is_read_from_the_complexity(sim: SimulatorFactory, found: Finder) -> None:
    settings: dict[str, Setting] = {
        f"user.policy.{rule}": value
        for rule, value in {
            "min": 6,
            "max": 12,
            "digits": 2,
            "upper": 1,
            "lower": 3,
            "repeat": 4,
        }.items()
    }
    module, token = found(sim("jacarta-pki", settings=settings))
    assert adapter.lockwright_policy(module, token) == PinPolicy(
        min_length=6,
        min_bytes=6,
        max_bytes=12,
        min_digits=2,
        min_upper=1,
        min_lower=3,
        max_repeated=4,
    )
    can = adapter.lockwright_state(module, token).capabilities
    assert {"min_digits", "max_repeated", "max_bytes"} <= can.policy_reads
    assert can.policy_sets == frozenset()


def test_another_policy_would_need_initialisation_and_that_is_said(
    device: Simulator, found: Finder, so_pin: Secret
) -> None:
    module, token = found(device)
    with pytest.raises(NotSupported, match="only at initialisation"):
        adapter.lockwright_set_policy(module, token, so_pin, PinPolicy(min_length=8))
    assert "JC_PKI_SetComplexity" not in device.counts()


def test_a_pin_against_the_policy_is_refused_by_the_token(
    device: Simulator, found: Finder, pin: Secret
) -> None:
    module, token = found(device)
    with pytest.raises(PinRefusedByToken):
        adapter.lockwright_change_pin(module, token, pin, Secret("abc"))
    adapter.lockwright_change_pin(module, token, pin, NEW)
    assert adapter.lockwright_list(module, token, NEW, None) == []


def test_a_module_without_the_vendors_functions_is_plain_pkcs11(
    sim: SimulatorFactory, found: Finder, lock: Lock, so_pin: Secret, opens: Opens
) -> None:
    device = sim("jacarta-pki", module="jacarta@plain", settings={"user.tries.max": 3})
    module, token = found(device)
    state = adapter.lockwright_state(module, token)
    assert state.user_pin is not None
    assert state.user_pin.tries_left is None
    assert not state.capabilities.reads_tries
    assert state.capabilities.unblock_sets_pin == SO
    assert state.capabilities.unblock_keeps_pin == frozenset()
    assert adapter.lockwright_policy(module, token).max_bytes == 16
    lock(module, token)
    with pytest.raises(NotSupported):
        adapter.lockwright_unblock_challenge(module, token)
    with pytest.raises(NotSupported, match="in this version of its module"):
        adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, so_pin, None)
    adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, so_pin, NEW)
    assert opens(module, token, NEW)
