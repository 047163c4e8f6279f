"""What a caller relies on: the same answers and the same errors, wherever the module runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lockwright.errors import AdapterBroken, LockwrightError, ModuleNotLoadable, PinIncorrect
from lockwright.host.host import Host
from lockwright.host.parent import ChildHost
from lockwright.host.protocol import AdapterRef
from lockwright.models import KeyPair, KeyRequest, PinState, Token, TokenObject
from lockwright.models.deadlines import Deadlines
from lockwright.secret import Secret
from lockwright_testkit.softhsm import USER_PIN, AddedToken, SoftHSM

SOFTHSM = AdapterRef("softhsm", "lockwright_softhsm:adapter")

NewHost = Callable[[AdapterRef, Path], Host]
TokenOf = Callable[[Host], Token]

PIN = "Sesame-opens-77"

AN_ADAPTER = """
import os, sys
from lockwright_softhsm import adapter as real
from lockwright.adapter import hookimpl
from lockwright.models import Token

lockwright_open = real.lockwright_open
lockwright_match = real.lockwright_match
lockwright_state = real.lockwright_state

@hookimpl
def lockwright_change_pin(module, token, pin, new_pin):
    raise ValueError(f"the PIN {pin.reveal_text()} is bad")

@hookimpl
def lockwright_policy(module, token):
    print("a chatty module")
    os.write(1, b"even from C\\n")
    return real.lockwright_policy(module, token)

class Strange:
    pass

@hookimpl
def lockwright_keys(module, token, pin):
    return [Strange()]
"""


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AdapterRef:
    """An adapter that prints, raises errors of its own, and answers with its own classes."""
    (tmp_path / "odd_adapter.py").write_text(AN_ADAPTER)
    monkeypatch.syspath_prepend(tmp_path)
    return AdapterRef("odd", "odd_adapter")


@pytest.fixture
def odd_host(
    odd: AdapterRef, softhsm: SoftHSM, added: AddedToken, in_child: NewHost, token_of: TokenOf
) -> tuple[Host, Token]:
    host = in_child(odd, softhsm.module)
    return host, token_of(host)


def test_the_token_and_its_state_come_with_one_inspection(
    host: Host, added: AddedToken, token_of: TokenOf
) -> None:
    token = token_of(host)

    assert token.serial == added.serial
    assert token.identity.label == "Anna"
    assert token.state.user_pin is not None
    assert token.state.user_pin.state is PinState.OK


def test_a_key_pair_is_made_and_listed(host: Host, token_of: TokenOf) -> None:
    token, pin = token_of(host), Secret(USER_PIN)

    pair = host.call(
        "lockwright_generate", token, pin=pin, request=KeyRequest("ec:p256", b"\x01", "mine")
    )
    objects = host.call("lockwright_list", token, pin=pin, sought=None)

    assert isinstance(pair, KeyPair)
    assert isinstance(objects, list | tuple)
    assert {obj.label for obj in objects if isinstance(obj, TokenObject)} == {"mine"}
    assert pin.reveal_text() == USER_PIN, "the caller's own secret is not the host's to wipe"


def test_a_wrong_pin_keeps_its_facts(host: Host, token_of: TokenOf) -> None:
    with pytest.raises(PinIncorrect) as caught:
        host.call("lockwright_list", token_of(host), pin=Secret("not the PIN"), sought=None)

    assert caught.value.facts["state"] == "count-low"
    assert caught.value.ckr == 0xA0
    assert caught.value.adapter == "softhsm"


def test_the_loaders_reason_is_told_when_a_module_is_no_library(
    tmp_path: Path, in_child: NewHost
) -> None:
    (tmp_path / "text.so").write_text("I am no library")

    with pytest.raises(ModuleNotLoadable, match="it is not a shared library") as caught:
        in_child(SOFTHSM, tmp_path / "text.so").inspect()

    assert caught.value.facts["module"] == str(tmp_path / "text.so")


def test_the_caller_never_loads_a_module(
    softhsm: SoftHSM, added: AddedToken, in_child: NewHost, token_of: TokenOf
) -> None:
    host = in_child(SOFTHSM, softhsm.module)

    token_of(host)

    before = Path("/proc/self/maps").read_text().count(str(softhsm.module))
    host.inspect()
    assert Path("/proc/self/maps").read_text().count(str(softhsm.module)) == before


def test_an_error_of_an_adapters_own_is_told_without_its_text(
    odd_host: tuple[Host, Token],
) -> None:
    host, token = odd_host

    with pytest.raises(AdapterBroken) as caught:
        host.call("lockwright_change_pin", token, pin=Secret(PIN), new_pin=Secret(PIN))

    assert caught.value.facts["reason"] == "raised ValueError in odd_adapter.py:13"
    assert PIN not in repr(caught.value.__dict__)


def test_what_a_module_prints_does_not_reach_the_wire(odd_host: tuple[Host, Token]) -> None:
    host, token = odd_host

    host.call("lockwright_policy", token)

    assert host.inspect().tokens


def test_an_adapters_own_class_does_not_pass(odd_host: tuple[Host, Token]) -> None:
    host, token = odd_host

    with pytest.raises(AdapterBroken, match="it answered: lockwright_keys: Strange"):
        host.call("lockwright_keys", token, pin=Secret(PIN), key_id=None)

    assert host.inspect().tokens, "the host works on"


def test_a_hook_that_an_adapter_has_not_is_not_supported(odd_host: tuple[Host, Token]) -> None:
    host, token = odd_host

    with pytest.raises(LockwrightError) as caught:
        host.call("lockwright_wipe", token, pin=Secret(PIN))

    assert caught.value.code == "not-supported"
    assert caught.value.facts["operation"] == "wipe the token"


def test_an_adapter_that_does_not_import_is_broken(softhsm: SoftHSM, in_child: NewHost) -> None:
    with pytest.raises(AdapterBroken, match="ModuleNotFoundError"):
        in_child(AdapterRef("gone", "no_such_adapter"), softhsm.module).inspect()


@pytest.mark.parametrize("value", [1.5, b"text", 2**90, [Path("/m.so")]])
def test_a_setting_that_may_not_pass_is_the_caller_s_mistake(softhsm: SoftHSM, value: Any) -> None:
    """Nothing is started for it."""
    host = ChildHost(SOFTHSM, softhsm.module, {"x": value}, deadlines=Deadlines(), verbose=False)
    with pytest.raises(TypeError, match="settings"):
        host.inspect()
    assert not host.alive
