"""A plugin that wraps operations and does it wrong is named, with the hook and what it cost."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from lockwright import Config, Runner, Secret
from lockwright.calls.adapters import Calls
from lockwright.calls.authorities import CaCalls
from lockwright.calls.watched import DONE
from lockwright.contract import ca_hooks, hooks
from lockwright.contract.markers import hookimpl
from lockwright.errors import (
    NOTHING,
    TRY_SPENT,
    UNKNOWN_COST,
    AdapterBroken,
    LockwrightError,
    PinIncorrect,
    PluginBroken,
    PluginHung,
    TokenRefused,
)
from lockwright.models import CaProfile, CaRequirements, ModuleInfo, Token, TokenIdentity
from lockwright.models.deadlines import Deadlines
from lockwright.registry import Registry, Wrapper
from lockwright_testkit.program import Program
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory

Foreign = Generator[None, object, Any]
IDENTITY = TokenIdentity("01", "", "Odd", "Odd", ModuleInfo(Path("/m.so"), "", "", (1, 0)), 0, "")
TOKEN = Token(IDENTITY, "odd", "")
PIN = Secret("Kettle-Moss-42")


def returns_too_early() -> Foreign:
    if PIN:
        return 5
    yield


def fails_before() -> Foreign:
    if PIN:
        raise ValueError(PIN.reveal_text())
    yield


def returns_another_type() -> Foreign:
    yield
    return 5


def forgets_the_answer() -> Foreign:
    yield


def yields_twice() -> Foreign:
    yield
    yield


def fails_after() -> Foreign:
    yield
    raise ValueError(PIN.reveal_text())


def ends_the_program() -> Foreign:
    yield
    raise SystemExit(3)


def raises_half_an_error() -> Foreign:
    class Half(LockwrightError):
        def __init__(self) -> None:
            """Leave out all that is told of one."""

    yield
    raise Half


def raises_an_error_that_says_nothing() -> Foreign:
    yield
    error = TokenRefused(action="wipe", name="nobody agreed")
    error.cost = 5  # type: ignore[assignment]  # it is foreign
    raise error


def asked(
    wrapper: Callable[[], Foreign], answer: Callable[..., object] = lambda *_a, **_m: ()
) -> object:
    """What comes of a wipe with a plugin that wraps it."""

    class Plugin:
        lockwright_wipe = hookimpl(wrapper=True)(staticmethod(wrapper))

    calls = Calls(["odd"], answer, [Wrapper("eyes", Plugin())], 0.2)
    return calls(hooks.lockwright_wipe, TOKEN, PIN)


@pytest.mark.parametrize(
    ("wrapper", "reason", "cost"),
    [
        (returns_too_early, "it returned int before the operation", NOTHING),
        (fails_before, "it raised ValueError", NOTHING),
        (returns_another_type, "it returned int", DONE),
        (forgets_the_answer, "it returned NoneType", DONE),
        (yields_twice, "it yielded a second time", DONE),
        (fails_after, "it raised ValueError", DONE),
        (ends_the_program, "it raised SystemExit", DONE),
        (raises_half_an_error, "it raised Half", DONE),
        (raises_an_error_that_says_nothing, "it raised TokenRefused", DONE),
    ],
)
def test_a_plugin_that_does_it_wrong_is_named_with_what_it_cost(
    wrapper: Callable[[], Foreign], reason: str, cost: str
) -> None:
    with pytest.raises(PluginBroken) as broken:
        asked(wrapper)

    assert broken.value.facts == {"name": "eyes", "hook": "lockwright_wipe", "reason": reason}
    assert broken.value.cost == cost
    assert PIN.reveal_text() not in str(broken.value)


def refuses(*_args: object, **_more: object) -> object:
    raise PinIncorrect(role="user PIN", tries_left=2, state=None)


@pytest.mark.parametrize("wrapper", [returns_another_type, fails_after, yields_twice])
def test_what_a_token_refused_is_told_though_a_plugin_breaks_over_it(
    wrapper: Callable[[], Foreign],
) -> None:
    def passes_on() -> Foreign:
        foreign = wrapper()
        try:
            yield next(foreign)
        except PinIncorrect:
            return (yield from foreign)

    with pytest.raises(LockwrightError) as told:
        asked(passes_on, refuses)

    assert told.value.cost == TRY_SPENT


def test_a_plugin_hides_no_refusal_of_what_was_to_change() -> None:
    def hides() -> Foreign:
        try:
            return (yield)
        except PinIncorrect:
            return ()

    with pytest.raises(PinIncorrect):
        asked(hides, refuses)


def test_a_refusal_of_a_plugin_that_comes_too_late_says_that_it_does() -> None:
    def too_late() -> Foreign:
        yield
        raise TokenRefused(action="wipe", name="nobody agreed")

    with pytest.raises(TokenRefused) as refused:
        asked(too_late)

    assert refused.value.cost == DONE


def hangs_before() -> Foreign:
    time.sleep(30)
    yield


def hangs_after() -> Foreign:
    yield
    time.sleep(30)


@pytest.mark.parametrize(("wrapper", "cost"), [(hangs_before, NOTHING), (hangs_after, DONE)])
def test_a_plugin_that_hangs_has_a_deadline(wrapper: Callable[[], Foreign], cost: str) -> None:
    with pytest.raises(PluginHung, match=r"eyes did not end within 0\.2 s") as hung:
        asked(wrapper)

    assert hung.value.cost == cost


def test_a_plugin_of_a_ca_s_hook_is_told_apart_from_the_client() -> None:
    class Client:
        @hookimpl
        def lockwright_ca_requirements(self) -> object:
            return CaRequirements()

    class Plugin:
        @hookimpl(wrapper=True)
        def lockwright_ca_requirements(self) -> Foreign:
            yield
            raise ValueError

    calls = CaCalls(lambda _kind: Client(), [Wrapper("eyes", Plugin())])
    with pytest.raises(PluginBroken, match="eyes is broken in lockwright_ca_requirements") as told:
        calls(ca_hooks.lockwright_ca_requirements, CaProfile("bank", "portal"))
    assert told.value.cost == UNKNOWN_COST


def test_a_client_that_answers_another_type_is_told_of_the_client() -> None:
    class Client:
        @hookimpl
        def lockwright_ca_requirements(self) -> object:
            return "anything"

    class Plugin:
        @hookimpl(wrapper=True)
        def lockwright_ca_requirements(self) -> Foreign:
            return (yield)

    calls = CaCalls(lambda _kind: Client(), [Wrapper("eyes", Plugin())])
    with pytest.raises(AdapterBroken, match="portal is broken: it answered: lockwright_ca_req"):
        calls(ca_hooks.lockwright_ca_requirements, CaProfile("bank", "portal"))


# --- through the doors ----------------------------------------------------------------------------

EMPTIES = """
import pluggy

@pluggy.HookimplMarker("lockwright")(wrapper=True, tryfirst=True)
def lockwright_wipe(token):
    yield
    return "done"
"""


@pytest.fixture
def eyes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EntryPoint:
    """A plugin that answers a wipe with a text, and would be first of all."""
    site = tmp_path / "site"
    (site / "eyes-2.0.dist-info").mkdir(parents=True)
    (site / "plugged_eyes.py").write_text(EMPTIES)
    (site / "eyes-2.0.dist-info" / "METADATA").write_text("Name: eyes\nVersion: 2.0\n")
    (site / "eyes-2.0.dist-info" / "entry_points.txt").write_text("[lockwright]\neyes=plugged_eyes")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("PYTHONPATH", str(site))
    monkeypatch.delitem(sys.modules, "plugged_eyes", raising=False)
    return EntryPoint("eyes", "plugged_eyes", "lockwright")


def test_what_is_gone_is_told_where_a_plugin_breaks_over_a_wipe(
    eyes: EntryPoint, sim: SimulatorFactory, tmp_path: Path
) -> None:
    """And the trail has the wipe: no plugin stands outside of it."""
    device, pin = sim("jacarta-pki"), Secret(USER_PIN)
    jacarta = EntryPoint("jacarta", "lockwright_jacarta:adapter", "lockwright")
    config = Config(audit=tmp_path / "audit.jsonl")
    registry = Registry(found=[eyes, jacarta])
    with Runner(config, modules=[device.module], registry=registry) as runner:
        token = runner.find()
        runner.request(token, pin, "CN=A", key_type="ec:p256")
        plan = runner.plan_wipe(token, pin)
        with pytest.raises(PluginBroken, match="eyes is broken in lockwright_wipe") as broken:
            runner.apply(token, pin, plan)
        assert runner.list(token, pin).all_objects == ()
    gone = len(plan.targets)
    assert broken.value.cost == f"Of {gone} objects that were to be deleted, {gone} are gone."
    assert '"lockwright_wipe"' in (tmp_path / "audit.jsonl").read_text()
    assert '"error":"plugin-broken"' in (tmp_path / "audit.jsonl").read_text()


def test_a_person_is_told_which_plugin_broke(
    eyes: EntryPoint, sim: SimulatorFactory, tmp_path: Path
) -> None:
    device, program = sim("jacarta-pki"), Program(tmp_path / "home")
    program.home.mkdir()
    program.secret("pin", USER_PIN)
    with Runner(Config(audit=None), modules=[device.module], registry=Registry()) as runner:
        runner.request(runner.find(), Secret(USER_PIN), "CN=A", key_type="ec:p256")
    named = ("--module", str(device.module), "--token", device.show()["slot0.serial"])
    told = program.run("wipe", *named, "--pin-file", "pin", "--yes")
    assert told.code == 12, told
    assert f"The plugin {eyes.name} is broken in lockwright_wipe: it returned str." in told.err


HANGS = """
import pluggy, time

@pluggy.HookimplMarker("lockwright")(wrapper=True)
def lockwright_list(token):
    time.sleep(3600)
    return (yield)
"""


def test_a_person_is_told_which_plugin_hangs_within_the_deadline_that_is_set(
    eyes: EntryPoint, sim: SimulatorFactory, tmp_path: Path
) -> None:
    device, program = sim("jacarta-pki"), Program(tmp_path / "home")
    (tmp_path / "site" / "plugged_eyes.py").write_text(HANGS)
    program.home.mkdir()
    (program.home / "config.toml").write_text("[deadlines]\nplugin = 1\n")
    told = program.run("list", "--config", "config.toml", "--module", str(device.module))
    assert told.code == PluginHung.exit_code, told
    assert f"The plugin {eyes.name} did not end within 1 s" in told.err
    assert Deadlines().plugin == 900
