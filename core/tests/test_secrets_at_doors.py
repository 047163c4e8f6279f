"""What is no ``Secret``, or is one no more, is refused at every door, and no token hears of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from lockwright import Config, Responder, Runner, Secret
from lockwright.calls.adapters import Calls
from lockwright.calls.authorities import CaCalls
from lockwright.contract import ca_hooks, hooks
from lockwright.contract.declaration import Declared
from lockwright.contract.markers import hookimpl
from lockwright.contract.taken_secrets import secrets_of
from lockwright.keys.source import GivenKey, HsmKey, given_key
from lockwright.models import (
    CaProfile,
    Grounds,
    Inquiry,
    KeyForm,
    ModuleInfo,
    Plan,
    Token,
    TokenIdentity,
)
from lockwright.operations.care import TokenCare
from lockwright.operations.enrolment.orders import Asked
from lockwright.operations.enrolment.storages import Storages
from lockwright.operations.enrolment.with_ca import Enrolments
from lockwright.operations.remote import RemoteUnblock
from lockwright.policy import PinPolicy, PolicyPlan
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory

PIN = "Kettle-Moss-42"
IDENTITY = TokenIdentity("01", "", "Odd", "Odd", ModuleInfo(Path("/m.so"), "", "", (1, 0)), 0, "")
TOKEN = Token(IDENTITY, "odd", "")
CLASSES = (Runner, RemoteUnblock, Storages, Enrolments, TokenCare)
DOORS = [
    (kind, name, each)
    for kind in CLASSES
    for name, method in inspect.getmembers(kind, inspect.isfunction)
    if not name.startswith("_")
    for each in secrets_of(method)
]


def wiped() -> Secret:
    secret = Secret(PIN)
    secret.wipe()
    return secret


BAD: Mapping[str, object] = {
    "text": PIN,
    "bytes": PIN.encode(),
    "a number": 4711,
    "wiped": wiped(),
    "empty": Secret(""),
}
REFUSED = (TypeError, ValueError)


def bad_for(function: Callable[..., object], argument: str) -> Iterator[object]:
    yield from BAD.values()
    if not secrets_of(function)[argument]:
        yield None


def given(taken: Iterable[str], **bad: object) -> dict[str, object]:
    """Something for each argument, and a PIN where one belongs."""
    return {name: object() for name in taken} | bad


def unreached(*_args: object, **_more: object) -> Any:
    raise AssertionError("it was carried on")


# --- every hook -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "argument"),
    [(name, each) for name, hook in hooks.HOOKS.items() for each in hook.secrets],
)
def test_what_is_no_secret_is_not_carried_to_a_token(name: str, argument: str) -> None:
    declared = hooks.HOOKS[name]
    calls: Any = Calls(["odd"], unreached, [])
    for bad in bad_for(declared.function, argument):
        arguments = _good(declared) | {argument: bad}
        with pytest.raises(REFUSED, match=f"^{argument} is "):
            calls(declared.function, TOKEN, **arguments)


def _good(declared: Declared) -> dict[str, object]:
    names = declared.parameters[2:]
    return {name: Secret(PIN) if name in declared.secrets else object() for name in names}


@pytest.mark.parametrize(
    "name", [name for name, hook in ca_hooks.HOOKS.items() if "password" in hook.secrets]
)
def test_what_is_no_secret_is_not_carried_to_a_ca(name: str) -> None:
    declared = ca_hooks.HOOKS[name]
    calls: Any = CaCalls(unreached, [])
    for bad in bad_for(declared.function, "password"):
        with pytest.raises(REFUSED, match=r"^password is "):
            calls(
                declared.function,
                CaProfile("b", "odd"),
                **given(declared.parameters[1:], password=bad),
            )


def test_a_pin_that_a_plugin_wiped_is_not_carried_to_a_token() -> None:
    class Wiper:
        @hookimpl(wrapper=True)
        def lockwright_wipe(self, pin: Secret) -> Iterator[None]:
            pin.wipe()
            return (yield)

    calls = Calls(["odd"], unreached, [Wiper()])
    with pytest.raises(TypeError, match="pin is a Secret that was wiped"):
        calls(hooks.lockwright_wipe, TOKEN, Secret(PIN))


# --- every public door ----------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "name", "argument"), DOORS)
def test_what_is_no_secret_opens_no_door_of_the_api(kind: type, name: str, argument: str) -> None:
    """Nothing of the object is looked at: this one has nothing."""
    method = getattr(kind, name)
    names = list(inspect.signature(method).parameters)[1:]
    good = {each: Secret(PIN) if each in secrets_of(method) else object() for each in names}
    for bad in bad_for(method, argument):
        if bad is BAD["empty"] and argument == "response":
            continue  # told as malformed, in test_story.py
        with pytest.raises(REFUSED, match=f"^{argument} is "):
            method(object.__new__(kind), **good | {argument: bad})


@pytest.mark.parametrize("bad", BAD.values(), ids=list(BAD))
def test_an_order_with_a_password_that_is_no_secret_is_not_begun(bad: Any) -> None:
    enrolments: Any = object.__new__(Enrolments)
    for begin in (enrolments.enrol, enrolments.renew):
        with pytest.raises(REFUSED, match=r"^asked\.password is "):
            begin(object(), object(), asked=Asked(password=bad))


@pytest.mark.parametrize("bad", BAD.values(), ids=list(BAD))
def test_a_key_that_is_no_secret_answers_no_request(bad: Any, tmp_path: Path) -> None:
    responder = Responder(Config(audit=None, ledger=tmp_path / "answered.db"))
    inquiry, grounds = Inquiry("jacarta", "JaCarta Laser", "01", bytes(8)), Grounds("a", "b")
    keys = (GivenKey(bad, KeyForm.HEX), HsmKey("pkcs11:token=a", Path("/m.so"), bad), bad)
    for key in keys:
        with pytest.raises(REFUSED, match=r"^key(\.value|\.pin)? is "):
            responder.respond(inquiry, key, grounds)
    with pytest.raises(REFUSED, match=r"^the text of a key is "):
        given_key(bad, KeyForm.PASSWORD)


def test_no_try_is_spent_and_no_module_called_for_what_is_no_secret(sim: SimulatorFactory) -> None:
    device = sim("jacarta-pki")
    with Runner(Config(audit=None), modules=[device.module]) as runner:
        token = runner.find()
        rules = PolicyPlan(token.serial, PinPolicy(), PinPolicy())
        plan = Plan(token.serial, "", (), ())
        good = Secret(PIN)
        attempts: tuple[Callable[[Any], object], ...] = (
            lambda bad: runner.change_pin(token, bad, good),
            lambda bad: runner.change_pin(token, good, bad),
            lambda bad: runner.unblock(token, bad, good),
            lambda bad: runner.apply(token, bad, plan),
            lambda bad: runner.erase(token, bad, plan),
            lambda bad: runner.set_policy(token, bad, rules),
            lambda bad: runner.request(token, bad, "CN=Anna"),
        )
        before = device.counts()
        for attempt in attempts:
            for bad in (*BAD.values(), None):
                with pytest.raises(REFUSED):
                    attempt(bad)
        assert device.counts() == before


@pytest.mark.parametrize("pin", ["", "x" * 70_000], ids=["empty", "longer than any"])
def test_no_try_is_spent_for_a_secret_that_no_token_has(sim: SimulatorFactory, pin: str) -> None:
    device = sim("jacarta-pki")
    with Runner(Config(audit=None), modules=[device.module]) as runner:
        token = runner.find()
        attempts: tuple[Callable[[], object], ...] = (
            lambda: runner.list(token, Secret(pin)),
            lambda: runner.change_pin(token, Secret(pin), Secret(PIN)),
            lambda: runner.unblock(token, Secret(pin), Secret(PIN)),
        )
        for attempt in attempts:
            device.zero_counts()
            with pytest.raises((TypeError, ValueError), match=r"is empty|it is too long"):
                attempt()
            assert "C_Login" not in device.counts()
        assert runner.list(token, Secret(USER_PIN)).logged_in
