"""What a token says of itself is told as it is, and no PIN goes to a token that took its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext

import pytest
from lockwright.bindings import load
from lockwright.errors import TokenRemoved
from lockwright.models import Token
from lockwright.pkcs11.same_token import identities
from lockwright.pkcs11.session import Module, Session, TokenInfo
from lockwright.pkcs11.standard import so_session, user_session
from lockwright.secret import Secret
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.sim.simulator import SO_PIN, USER_PIN, Simulator

UNAVAILABLE = -1
"""All ones in a CK_ULONG: CK_UNAVAILABLE_INFORMATION."""


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    return sim("plain", settings={"memory": 4000})


@pytest.fixture
def module(binding: str, device: Simulator) -> Iterator[Module]:
    module = load(binding, device.module)
    yield module
    module.close()


def tokens(module: Module) -> list[TokenInfo]:
    return [slot.token for slot in module.slots()]


def test_memory_and_pin_lengths_are_what_the_token_says(module: Module) -> None:
    (token,) = tokens(module)
    assert token.total_memory == 4000
    assert token.free_memory is not None
    assert token.free_memory <= 4000
    assert token.pin_lengths == (4, 255)


def test_memory_that_the_token_keeps_to_itself_is_unknown_and_no_huge_number(
    module: Module, device: Simulator
) -> None:
    device.set("memory.unavailable", value=True)
    (token,) = tokens(module)
    assert (token.total_memory, token.free_memory) == (None, None)


@pytest.mark.parametrize(
    ("shortest", "longest"),
    [(UNAVAILABLE, UNAVAILABLE), (4, UNAVAILABLE), (UNAVAILABLE, 255), (4, 0), (16, 4)],
)
def test_pin_lengths_that_say_nothing_are_unknown(
    module: Module, device: Simulator, shortest: int, longest: int
) -> None:
    device.set("user.policy.min", shortest)
    device.set("user.policy.max", longest)
    (token,) = tokens(module)
    assert token.pin_lengths is None


def as_user(module: Module, token: Token) -> AbstractContextManager[Session]:
    return user_session(module, token, Secret(USER_PIN))


def as_administrator(module: Module, token: Token) -> AbstractContextManager[Session]:
    return so_session(module, token, Secret(SO_PIN))


@pytest.mark.parametrize("told", ["serial", "label", "model", "manufacturer"])
@pytest.mark.parametrize("enter", [as_user, as_administrator])
def test_no_pin_goes_to_a_token_that_took_the_place_of_another(
    module: Module,
    device: Simulator,
    enter: Callable[[Module, Token], AbstractContextManager[Session]],
    told: str,
) -> None:
    token = Token(identities(module)[0], "plain", "a test")
    with enter(module, token):
        pass
    device.set(told, "another")
    device.zero_counts()

    with pytest.raises(TokenRemoved, match=token.serial), enter(module, token):
        pass

    assert device.counts().get("C_Login", 0) == 0


def test_labels_that_are_no_utf_8_are_told_apart(module: Module, device: Simulator) -> None:
    """Each letter of them was shown as the same one, so that two were taken for one token."""
    device.set("label", _in_cp1251("Иванов"))
    token = Token(identities(module)[0], "plain", "a test")
    assert token.identity.label == r"\xc8\xe2\xe0\xed\xee\xe2"
    with as_user(module, token):
        pass
    device.set("label", _in_cp1251("Петров"))
    device.zero_counts()

    with pytest.raises(TokenRemoved), as_user(module, token):
        pass

    assert "C_Login" not in device.counts()


def _in_cp1251(label: str) -> str:
    return label.encode("cp1251").decode(errors="surrogateescape")


def test_a_session_of_a_call_is_with_its_token_whatever_slot_the_hook_asks_for(
    sim: SimulatorFactory, binding: str
) -> None:
    """An adapter's author need not compare: the port does, while a hook is called."""
    first, second = sim("plain", serial="0001"), sim("plain", serial="0002")
    module = load(binding, first.module)
    one, other = identities(module)
    with module.serving(one):
        with module.open_session(one.slot) as session:
            assert session.token is not None
            assert session.token.serial == "0001"
        with pytest.raises(TokenRemoved), module.open_session(other.slot):
            pass
        with pytest.raises(TokenRemoved), module.serving(other):
            pass
    with module.serving(other), module.open_session(other.slot):
        pass
    assert "C_Login" not in {**first.counts(), **second.counts()}
    module.close()


@pytest.mark.parametrize(
    ("serials", "labels", "found"),
    [
        (("01", "01"), ("a", "b"), True),
        (("01", "01"), ("a", "a"), False),
        (("", "02"), "ab", False),
    ],
    ids=["one serial number", "doubles", "no serial number"],
)
def test_a_token_is_known_again_in_another_slot_only_where_nothing_else_could_be_it(
    sim: SimulatorFactory,
    binding: str,
    serials: tuple[str, str],
    labels: tuple[str, str],
    found: bool,  # noqa: FBT001  # pytest hands it over by name
) -> None:
    first, second = (sim("plain", label=each, settings={"slot.moves": True}) for each in labels)
    for device, serial in zip((first, second), serials, strict=True):
        device.set("serial", serial)
    module = load(binding, first.module)
    token = Token(identities(module)[0], "plain", "a test")
    first.unplug()
    first.plug()
    with nullcontext() if found else pytest.raises(TokenRemoved), as_user(module, token) as open_:
        assert open_.token is not None
        assert open_.token.label == "a"
    assert ("C_Login" in first.counts()) is found
    assert "C_Login" not in second.counts()
    module.close()
