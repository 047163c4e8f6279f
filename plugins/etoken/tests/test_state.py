"""Tries, unblocks and abilities, as the token's own objects tell them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lockwright.errors import PinIncorrect
from lockwright.models import PinState, PinStatus, Token, TokenState, UnblockWay
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret
from lockwright_etoken import adapter
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory

Finder = Callable[..., tuple[Module, Token]]

BOTH = {UnblockWay.SO_PIN, UnblockWay.CHALLENGE}
LENGTHS = {"min_bytes", "max_bytes"}
RULES = {"min_length", "max_repeated", "min_digits", "min_upper", "min_lower", "min_special"}


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    return sim("etoken", settings={"user.tries.max": 4, "so.tries.max": 3})


def wrong_pin(module: Module, token: Token) -> None:
    with pytest.raises(PinIncorrect):
        adapter.lockwright_list(module, token, Secret("not-the-pin"), None)


def user(state: TokenState) -> PinStatus:
    assert state.user_pin is not None
    return state.user_pin


@pytest.mark.parametrize("flags", [True, False], ids=["flags", "no-flags"])
def test_tries_are_counted_without_a_login(
    device: Simulator, found: Finder, *, flags: bool
) -> None:
    device.set("info.tries", flags)
    module, token = found(device)
    for left, state in (
        (4, PinState.OK),
        (3, PinState.COUNT_LOW),
        (2, PinState.COUNT_LOW),
        (1, PinState.FINAL_TRY),
        (0, PinState.LOCKED),
    ):
        told = adapter.lockwright_state(module, token)
        assert (user(told).tries_left, user(told).state) == (left, state)
        assert told.so_pin == PinStatus(PinState.OK, 3)
        assert told.capabilities.reads_tries
        if left:
            wrong_pin(module, token)


def test_what_is_not_set_is_said_to_be_so(sim: SimulatorFactory, found: Finder) -> None:
    module, token = found(sim("etoken", user_pin="", so_pin=""))
    state = adapter.lockwright_state(module, token)
    assert user(state).state is PinState.NOT_SET
    assert state.so_pin == PinStatus(PinState.NOT_SET)
    assert state.capabilities.unblock_sets_pin == set()


def test_a_pin_that_must_be_changed_says_so(device: Simulator, found: Finder) -> None:
    device.set("user.change", value=True, slot=0)
    module, token = found(device)
    assert user(adapter.lockwright_state(module, token)).state is PinState.TO_BE_CHANGED


@pytest.mark.parametrize(
    ("module_name", "settings", "ways"),
    [
        ("", {}, BOTH),
        ("etoken@1.2", {}, BOTH),
        ("etoken@listed", {}, BOTH),
        ("etoken@plain", {}, {UnblockWay.SO_PIN}),
        ("", {"unlock.supported": False}, {UnblockWay.SO_PIN}),
        ("", {"features": False}, BOTH),
        ("", {"unlock.max": 2, "unlock.count": 2}, BOTH),  # what it counts is not known
    ],
)
def test_the_ways_to_unblock_are_this_very_tokens(
    sim: SimulatorFactory,
    found: Finder,
    module_name: str,
    settings: dict[str, Setting],
    ways: set[UnblockWay],
) -> None:
    module, token = found(sim("etoken", module=module_name, settings=settings))
    told = adapter.lockwright_state(module, token).capabilities
    assert told.unblock_sets_pin == ways
    assert told.unblock_keeps_pin == set()
    assert told.wipe


@pytest.mark.parametrize(
    ("count", "used", "most", "left", "reads"),
    [
        ("used", 1, 3, 2, True),
        ("left", 1, 3, 2, True),
        ("used", 3, 3, 0, True),
        (None, 1, 3, None, False),
        (None, 1, 0, None, True),
        ("used", 1, 0, None, True),
    ],
)
def test_unblocks_left_are_told_only_if_it_is_known_what_is_counted(
    device: Simulator,
    found: Finder,
    count: str | None,
    used: int,
    most: int,
    left: int | None,
    reads: bool,  # noqa: FBT001  # a column
) -> None:
    device.set("unlock.max", most)
    device.set("unlock.count", used)
    device.set("unlock.count.left", count == "left")
    module, token = found(device, **({"unlock_count": count} if count else {}))
    told = adapter.lockwright_state(module, token)
    assert user(told).unblocks_left == left
    assert told.capabilities.reads_unblocks is reads
    assert (UnblockWay.CHALLENGE in told.capabilities.unblock_sets_pin) == (left != 0)


@pytest.mark.parametrize("answer", [0x12, 0x13, 0x6])
def test_an_absent_attribute_is_absent_whatever_the_module_answers(
    device: Simulator, found: Finder, answer: int
) -> None:
    device.set("attribute.absent.rv", answer)
    module, token = found(device)
    told = adapter.lockwright_state(module, token)
    assert user(told).tries_left == 4
    assert told.capabilities.policy_reads == LENGTHS | RULES


def test_a_token_without_such_objects_tells_what_pkcs11_tells(
    device: Simulator, found: Finder
) -> None:
    device.set("features", value=False)
    module, token = found(device)
    told = adapter.lockwright_state(module, token)
    assert (user(told).state, user(told).tries_left) == (PinState.OK, None)
    assert not told.capabilities.reads_tries
    assert told.capabilities.policy_reads == LENGTHS
    assert told.capabilities.policy_sets == set()


@pytest.mark.parametrize("answer", [0x6, 0x12, 0x13, 0xD0, 0xD1])
def test_a_module_that_knows_no_such_objects_is_borne(
    device: Simulator, found: Finder, answer: int
) -> None:
    module, token = found(device)
    device.fault(f"C_FindObjectsInit@*={answer:#x}")
    assert user(adapter.lockwright_state(module, token)).tries_left is None


def test_memory_and_lengths_are_told(device: Simulator, found: Finder) -> None:
    told = adapter.lockwright_state(*found(device))
    assert told.memory is not None
    assert told.memory.total == 81920
    assert told.pin_lengths == (6, 20)
