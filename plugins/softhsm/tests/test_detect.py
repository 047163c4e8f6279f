from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lockwright.contract.adapter_class import Answer, Kind
from lockwright.errors import BrokenConfiguration, NotSupported, TokenRemoved
from lockwright.models import Confidence, PinState, PinStatus, Token, UnblockWay
from lockwright.pkcs11.session import Module
from lockwright.policy import PinPolicy
from lockwright.secret import Secret
from lockwright_softhsm import adapter
from lockwright_testkit.softhsm import AddedToken, SoftHSM


def test_the_token_is_found_with_its_strings(
    module: Module, token: Token, added: AddedToken
) -> None:
    assert (token.serial, token.identity.slot) == (added.serial, added.slot)
    assert token.identity.label == "Анна"
    assert token.identity.manufacturer == "SoftHSM project"
    assert token.identity.module.path.is_absolute()


def test_the_blank_slot_softhsm_always_shows_is_no_token(module: Module) -> None:
    assert len(module.slots()) == 1


def test_the_adapter_is_sure_of_a_softhsm_token_and_of_no_other(token: Token) -> None:
    match = adapter.lockwright_match(token.identity)
    assert match is not None
    assert match.confidence is Confidence.MODEL
    assert "SoftHSM v2" in match.reason
    assert adapter.lockwright_match(replace(token.identity, manufacturer="SafeNet")) is None
    newer = adapter.lockwright_match(replace(token.identity, model="SoftHSM v3"))
    assert newer is not None
    assert newer.confidence is Confidence.FAMILY


def test_state_says_what_the_token_says_and_guesses_nothing(module: Module, token: Token) -> None:
    state = adapter.lockwright_state(module, token)
    assert state.user_pin == PinStatus(PinState.OK)
    assert state.so_pin == PinStatus(PinState.OK)
    assert state.memory is None
    assert state.pin_lengths == (4, 255)
    capabilities = state.capabilities
    assert capabilities.unblock_sets_pin == {UnblockWay.SO_PIN}
    assert capabilities.unblock_keeps_pin == frozenset()
    assert capabilities.key_types == ("rsa:2048", "rsa:3072", "rsa:4096", "ec:p256", "ec:p384")
    assert capabilities.wipe
    assert not capabilities.reads_tries
    assert adapter.lockwright_policy(module, token) == PinPolicy(min_bytes=4, max_bytes=255)


def test_a_token_without_user_pin_says_so(softhsm: SoftHSM, faulty: Path, binding: str) -> None:
    added = softhsm.add_token("new", user_pin=None)
    module = adapter.lockwright_open(faulty, {"binding": binding})
    slot = next(slot for slot in module.slots() if slot.token.slot == added.slot)
    identity = slot.identity(module.info())
    state = adapter.lockwright_state(module, Token(identity, "softhsm", "a test"))
    module.close()
    assert state.user_pin == PinStatus(PinState.NOT_SET)


def test_a_token_that_moved_to_another_slot_is_found(module: Module, token: Token) -> None:
    moved = replace(token, identity=replace(token.identity, slot=4711))
    assert adapter.lockwright_state(module, moved).user_pin is not None


def test_a_removed_token_is_told(
    module: Module, token: Token, faults: Callable[[str], None], pin: Secret
) -> None:
    faults("C_GetTokenInfo@*=0xe0")
    with pytest.raises(TokenRemoved, match=token.serial):
        adapter.lockwright_list(module, token, pin, None)


def test_another_token_in_the_slot_is_given_no_pin(
    module: Module, token: Token, faults: Callable[[str], None], pin: Secret
) -> None:
    faults("C_Login@*=0x30")
    other = replace(token, identity=replace(token.identity, serial="0000000000000000"))
    with pytest.raises(TokenRemoved, match="0000000000000000"):
        adapter.lockwright_list(module, other, pin, None)


def test_a_slot_that_cannot_be_read_does_not_hide_the_others(
    module: Module, added: AddedToken, faults: Callable[[str], None]
) -> None:
    faults("C_GetTokenInfo@2=0x30")
    assert [slot.token.serial for slot in module.slots()] == [added.serial]


def test_known_paths_are_absolute_and_settings_come_first() -> None:
    assert Path("/usr/lib/softhsm/libsofthsm2.so") in adapter.lockwright_modules({})
    assert adapter.lockwright_modules({"modules": ["/opt/s.so"]}) == (Path("/opt/s.so"),)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"bindin": "pykcs11"}, "bindin"),
        ({"binding": "ctypes"}, "pykcs11"),
        ({"binding": 1}, "pykcs11"),
        ({"modules": ["softhsm2.so"]}, "absolute"),
        ({"modules": "/usr/lib/softhsm2.so"}, "list"),
        ({"modules": []}, "list"),
    ],
)
def test_settings_that_mean_nothing_are_refused(
    settings: dict[str, str | int | list[str]], named: str
) -> None:
    with pytest.raises(BrokenConfiguration, match=named):
        adapter.lockwright_modules(settings)


@pytest.mark.parametrize(
    "hook",
    [
        *("unblock_challenge", "unblock_complete", "unblock_cancel", "response_rule", "respond"),
        *("erase", "set_policy"),
    ],
)
def test_what_softhsm_cannot_do_is_declared(hook: str) -> None:
    assert adapter.answers[hook] == Answer(Kind.NOT_OFFERED, "not offered by the vendor")
    with pytest.raises(NotSupported, match="not offered by the vendor"):
        getattr(adapter, f"lockwright_{hook}")()
