"""A class derived from StandardAdapter answers every hook, and is refused when it cannot."""

from __future__ import annotations

import abc
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pluggy
import pytest
from lockwright.adapter import Choice, StandardAdapter, hookimpl, refusal
from lockwright.contract import hooks
from lockwright.contract.adapter_class import Answer, Kind
from lockwright.contract.markers import PROJECT
from lockwright.errors import BrokenConfiguration, NotOffered, NotSupported
from lockwright.models import (
    Capabilities,
    Confidence,
    KeyPair,
    ModuleInfo,
    ResponseRule,
    Token,
    TokenIdentity,
    TokenState,
    UnblockWay,
)
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret

MODULE = ModuleInfo(Path("/usr/lib/acme.so"), "Acme Ltd", "Acme PKCS#11", (1, 0))
ONE = TokenIdentity("0001", "Anna", "Acme One", "Acme Ltd", MODULE, 0, "A reader")
TOKEN = Token(ONE, "acme", "a test")
CARD = Token(replace(ONE, model="Acme Card"), "acme", "a test")
ABLE = TokenState(
    capabilities=Capabilities(
        unblock_sets_pin=frozenset(UnblockWay),
        unblock_keeps_pin=frozenset({UnblockWay.CHALLENGE}),
        key_types=("rsa:2048",),
        wipe=True,
        erase=True,
        policy_sets=frozenset({"min_length"}),
    )
)


class Acme(StandardAdapter):
    tokens = {"Acme Ltd": ("Acme One",)}
    not_offered = {"set_policy": "at the counter only", "wipe": {"Acme Card": "one by one"}}

    def lockwright_state(self, module: Module, token: Token) -> TokenState:
        del module, token
        return ABLE

    def lockwright_respond(self, challenge: bytes) -> bytes:
        return challenge[::-1]


def caller(adapter: object) -> Any:
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(adapter)
    manager.check_pending()
    return manager.hook


def derive(**body: object) -> type[StandardAdapter]:
    return type("Derived", (StandardAdapter,), body)


def test_every_hook_is_answered_without_a_marker() -> None:
    hook = caller(Acme())

    for name in hooks.HOOKS:
        assert len(getattr(hook, name).get_hookimpls()) == 1
    arguments = {"vendor": "a", "model": "m", "serial": "1", "key": None, "grounds": None}
    assert hook.lockwright_respond(challenge=b"ab", settings={}, **arguments) == b"ba"


def test_it_tells_who_answers_each_hook() -> None:
    answers = Acme.answers

    assert answers["list"] == Answer(Kind.STANDARD)
    assert answers["respond"] == Answer(Kind.OWN)
    assert answers["set_policy"] == Answer(Kind.NOT_OFFERED, "at the counter only")
    assert answers["erase"] == Answer(Kind.NOT_OFFERED, "not offered by the vendor")
    assert answers["wipe"] == Answer(Kind.STANDARD, {"Acme Card": "one by one"})
    assert list(answers) == [declared.short for declared in hooks.HOOKS.values()]


def test_what_is_not_offered_is_raised_with_its_reason() -> None:
    hook = caller(Acme())

    with pytest.raises(NotOffered, match=r"set the PIN policy \(at the counter only\)"):
        hook.lockwright_set_policy(module=None, token=TOKEN, so_pin=None, policy=None)
    with pytest.raises(NotSupported, match=r"wipe the token \(one by one\)"):
        hook.lockwright_wipe(module=None, token=CARD, pin=None)


def test_the_capabilities_leave_out_what_is_not_offered() -> None:
    one = caller(Acme()).lockwright_state(module=None, token=TOKEN).capabilities
    card = caller(Acme()).lockwright_state(module=None, token=CARD).capabilities

    assert (one.wipe, card.wipe) == (True, False)
    assert one.policy_sets == frozenset()
    assert not one.erase
    assert one.not_offered["set_policy"] == "at the counter only"
    assert "wipe" not in one.not_offered
    assert card.not_offered["wipe"] == "one by one"
    assert UnblockWay.CHALLENGE not in one.unblock_sets_pin | one.unblock_keeps_pin
    assert UnblockWay.SO_PIN in one.unblock_sets_pin


def test_a_token_adds_what_it_alone_is_not_offered() -> None:
    class ByKey(Acme):
        def lockwright_state(self, module: Module, token: Token) -> TokenState:
            state = super().lockwright_state(module, token)
            told = {"unblock": "the administrator is a key"}
            return replace(state, capabilities=replace(state.capabilities, not_offered=told))

    told = caller(ByKey()).lockwright_state(module=None, token=TOKEN).capabilities

    assert told.not_offered["unblock"] == "the administrator is a key"
    assert told.not_offered["set_policy"] == "at the counter only"
    assert told.unblock_sets_pin == frozenset({UnblockWay.TIMEOUT})


def test_a_class_offers_what_the_one_it_derives_from_does_not() -> None:
    class Better(Acme):
        def lockwright_set_policy(self) -> None: ...

        def lockwright_state(self, module: Module, token: Token) -> TokenState:
            return super().lockwright_state(module, token)

    hook = caller(Better())

    assert Better.answers["set_policy"] == Answer(Kind.OWN)
    hook.lockwright_set_policy(module=None, token=TOKEN, so_pin=None, policy=None)
    told = hook.lockwright_state(module=None, token=TOKEN).capabilities
    assert "set_policy" not in told.not_offered
    assert told.policy_sets == {"min_length"}
    assert caller(Acme()).lockwright_state(module=None, token=TOKEN).capabilities.not_offered


def test_a_class_takes_back_what_the_one_it_derives_from_offers() -> None:
    class Less(Acme):
        not_offered = {"respond": "no longer"}

    with pytest.raises(NotSupported, match="no longer"):
        caller(Less()).lockwright_respond(
            vendor="", model="", serial="", challenge=b"", key=None, settings={}, grounds=None
        )
    assert Less.answers["set_policy"].reason == "at the counter only"


def test_of_two_classes_each_answers_what_it_alone_answers() -> None:
    class Lists(StandardAdapter):
        def lockwright_keys(
            self, module: Module, token: Token, pin: Secret, key_id: bytes | None
        ) -> list[KeyPair]:
            del module, token, pin, key_id
            return []

    class Erases(StandardAdapter):
        def lockwright_erase(self) -> str:
            return "erased"

    class Both(Lists, Erases):
        pass

    class Last(StandardAdapter, abc.ABC):
        pass

    assert caller(Both()).lockwright_keys(module=None, token=TOKEN, pin=None, key_id=None) == []
    assert caller(Both()).lockwright_erase(module=None, token=TOKEN, so_pin=None) == "erased"
    assert len(caller(Last()).lockwright_wipe.get_hookimpls()) == 1


def test_an_instance_comes_through_a_pickle_with_its_hooks() -> None:
    copied = pickle.loads(pickle.dumps(Acme()))  # noqa: S301  # our own

    assert copied.answers == Acme.answers
    assert len(caller(copied).lockwright_respond.get_hookimpls()) == 1


def test_the_class_itself_is_an_adapter_of_no_tokens() -> None:
    plain = StandardAdapter()

    assert plain.answers["list"] == Answer(Kind.STANDARD)
    assert plain.lockwright_match(ONE) is None


def test_a_mixin_and_a_function_are_hooks_too() -> None:
    def rule(model: str) -> ResponseRule:
        return ResponseRule(len(model), frozenset())

    class Rules:
        lockwright_response_rule = staticmethod(rule)

    class Mixed(Rules, Acme):
        pass

    found = caller(Mixed()).lockwright_response_rule(model="four", settings={})
    assert found.request_length == 4
    assert not hasattr(rule, f"{PROJECT}_impl")


def test_a_marker_does_no_harm() -> None:
    class Marked(Acme):
        @hookimpl
        def lockwright_erase(self) -> None: ...

    assert caller(Marked()).lockwright_erase(module=None, token=TOKEN, so_pin=None) is None


def test_its_tokens_are_claimed_by_manufacturer_and_model() -> None:
    match = Acme().lockwright_match

    known, new = match(ONE), match(replace(ONE, model="Acme Ten"))
    assert known is not None
    assert new is not None
    assert (known.confidence, new.confidence) == (Confidence.MODEL, Confidence.FAMILY)
    assert match(replace(ONE, manufacturer="Somebody")) is None


def test_settings_of_its_own_are_read_by_one_call() -> None:
    class Settled(Acme):
        own_settings = {"folder": str, "retries": int}

        def reserved(self, choice: Choice) -> bytes:
            return str(choice.own.get("folder", "")).encode()

    adapter = Settled()
    assert adapter.choice({"folder": "/a", "retries": 2}).own == {"folder": "/a", "retries": 2}
    assert adapter.reserved(adapter.choice({"folder": "/a"})) == b"/a"
    for wrong in ({"folder": 1}, {"retries": "two"}, {"retries": True}, {"colour": "red"}):
        with pytest.raises(BrokenConfiguration):
            adapter.choice(wrong)


def test_a_refusal_says_what_and_why() -> None:
    told = refusal("erase", "the administrator is a key")

    assert "erase the token (the administrator is a key)" in str(told)
