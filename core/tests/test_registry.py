"""Plugins are allowed before import, loaded one by one, and a broken one harms nobody."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from lockwright.calls.authorities import CaCalls
from lockwright.contract import ca_hooks
from lockwright.errors import AdapterBroken, CaUnknown
from lockwright.models import (
    CaOrder,
    CaProfile,
    ModuleInfo,
    Pending,
    Refused,
    SignatureScheme,
    TokenIdentity,
)
from lockwright.registry import CLIENTS, Plugin, PluginStatus, Registry
from lockwright.secret import Secret

Write = Callable[[str, str], EntryPoint]

GOOD = """
from pathlib import Path
from lockwright.adapter import hookimpl
from lockwright.models import Confidence, Match

@hookimpl
def lockwright_modules(settings):
    return [Path(p) for p in settings.get("modules", [])]

@hookimpl
def lockwright_match(identity):
    return Match(Confidence.MODEL, "model Good") if identity.model == "Good" else None
"""


class Keys:
    """Nobody signs here."""

    def sign_with_new(self, _scheme: SignatureScheme, _data: bytes) -> bytes:
        raise AssertionError

    sign_with_old = sign_with_new

    def keep(self, _pending: Pending) -> None:
        raise AssertionError


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a plugin's module and hand back its entry point."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def entry(name: str, code: str) -> EntryPoint:
        (tmp_path / f"plugin_{name}.py").write_text(code)
        monkeypatch.delitem(sys.modules, f"plugin_{name}", raising=False)
        return EntryPoint(name, f"plugin_{name}", "lockwright")

    return entry


def identity(model: str) -> TokenIdentity:
    module = ModuleInfo(Path("/m.so"), "", "", (1, 0))
    return TokenIdentity("01", "label", model, "maker", module, 0, "")


def status(registry: Registry) -> dict[str, PluginStatus]:
    return {plugin.name: plugin.status for plugin in registry.plugins}


def only(registry: Registry) -> Plugin:
    (plugin,) = registry.plugins
    return plugin


def test_adapter_is_asked_for_a_token_when_it_is_loaded(write: Write) -> None:
    registry = Registry(found=[write("good", GOOD)])
    assert [adapter.name for adapter in registry.adapters] == ["good"]
    claim = registry.match("good", identity("Good"))
    assert claim is not None
    assert claim.reason == "model Good"
    assert registry.match("good", identity("Other")) is None


def test_other_adapters_work_on_when_one_does_not_import(write: Write) -> None:
    broken = write("broken", "import a_library_nobody_has\n")
    registry = Registry(found=[broken, write("good", GOOD)])
    assert status(registry) == {"broken": PluginStatus.BROKEN, "good": PluginStatus.LOADED}
    assert "a_library_nobody_has" in registry.plugin("broken").problem


def test_other_adapters_work_on_when_one_ends_the_program_on_import(write: Write) -> None:
    registry = Registry(found=[write("rude", "raise SystemExit(3)\n"), write("good", GOOD)])
    assert status(registry)["good"] is PluginStatus.LOADED


def test_no_line_of_a_plugin_runs_when_it_is_not_allowed(write: Write, tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    spy = write("spy", f"open({str(trace)!r}, 'w').close()\n")
    registry = Registry(allow=["good"], found=[spy, write("good", GOOD)])
    assert status(registry)["spy"] is PluginStatus.NOT_ALLOWED
    assert not trace.exists()


def test_allowed_plugin_is_reported_when_it_is_not_installed() -> None:
    assert status(Registry(allow=["absent"], found=[])) == {"absent": PluginStatus.NOT_INSTALLED}


CLIENT = """
from lockwright.adapter import hookimpl
from lockwright.models import Refused

@hookimpl
def lockwright_ca_enrol(ca, order, password):
    return Refused(order.login)
"""
APPROVES_ORDERS = """
from lockwright.adapter import hookimpl
from lockwright.models import Refused

@hookimpl(wrapper=True)
def lockwright_ca_enrol(order):
    return Refused(f"approved {(yield).text}")
"""


def test_a_portal_of_the_bank_is_a_client_under_the_name_of_its_entry_point(write: Write) -> None:
    registry = Registry(found=[write("portal", CLIENT), write("approval", APPROVES_ORDERS)])
    by_name = {plugin.name: plugin for plugin in registry.plugins}
    assert (by_name["portal"].client, by_name["portal"].adapter) == (True, False)
    assert (by_name["approval"].client, by_name["approval"].adapter) == (False, False)
    calls = CaCalls(registry.client, registry.wrappers)
    order = CaOrder(b"", "anna")
    answer: object = calls(
        ca_hooks.lockwright_ca_enrol, CaProfile("bank", "portal"), None, order, None, Keys()
    )
    assert answer == Refused("approved anna")


def test_a_kind_of_ca_that_nobody_speaks_with_is_told(write: Write) -> None:
    calls = CaCalls(Registry(allow=[], found=[write("portal", CLIENT)]).client, [])
    with pytest.raises(CaUnknown, match="kind portal"):
        calls(ca_hooks.lockwright_ca_requirements, CaProfile("bank", "portal"))


def test_the_clients_of_core_are_there_and_their_names_are_taken(write: Write) -> None:
    registry = Registry(found=[write("est", CLIENT)])
    assert "its name" in only(registry).problem
    for kind in CLIENTS:
        assert registry.client(kind) is not None


def test_a_client_that_fails_is_named_without_what_it_said(write: Write) -> None:
    code = CLIENT.replace("Refused(order.login)", "1 / len(str(password.reveal_text()) * 0)")
    calls = CaCalls(Registry(found=[write("portal", code)]).client, [])
    with pytest.raises(AdapterBroken, match="portal is broken: ZeroDivisionError"):
        calls(
            ca_hooks.lockwright_ca_enrol,
            CaProfile("b", "portal"),
            None,
            CaOrder(b""),
            Secret("otp"),
            Keys(),
        )


IMPLEMENTS_WITHOUT_MATCHING = """
from lockwright.adapter import hookimpl

@hookimpl
def lockwright_list(token):
    return []
"""

WRAPS_AS_AN_ADAPTER = (
    GOOD
    + """
@hookimpl(wrapper=True)
def lockwright_list(token):
    return (yield)
"""
)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("x = 1\n", "implements no hook"),
        (GOOD.replace("(settings)", "(settings, pins)"), "pins"),
        (GOOD.replace("lockwright_modules", "lockwright_modulez"), "lockwright_modulez"),
        (IMPLEMENTS_WITHOUT_MATCHING, "adapters and CA clients implement hooks"),
        (GOOD + CLIENT, "make it two plugins"),
        (WRAPS_AS_AN_ADAPTER, "adapters and CA clients implement hooks"),
    ],
)
def test_plugin_is_broken_when_it_does_not_keep_the_contract(
    write: Write, code: str, said: str
) -> None:
    plugin = only(Registry(found=[write("odd", code)]))
    assert plugin.status is PluginStatus.BROKEN
    assert said in plugin.problem


def test_adapter_is_named_when_it_fails_on_a_token(write: Write) -> None:
    code = GOOD.replace('identity.model == "Good"', "identity.no_such_field")
    registry = Registry(found=[write("odd", code)])
    with pytest.raises(AdapterBroken, match="The adapter odd is broken: AttributeError"):
        registry.match("odd", identity("Good"))


def test_module_paths_are_passed_over_when_missing_or_not_absolute(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = tmp_path / "here.so"
    here.touch()
    registry = Registry(found=[write("good", GOOD)])
    settings = {"modules": [str(here), "here.so", str(tmp_path / "absent.so")]}
    assert registry.modules("good", settings) == (here,)


CLASSES = """
from lockwright.adapter import StandardAdapter

class Acme(StandardAdapter):
    tokens = {"maker": ("Good",)}

adapter = Acme()
"""


def test_an_instance_of_a_class_is_an_adapter_when_its_entry_point_names_it(write: Write) -> None:
    point = write("acme", CLASSES)
    registry = Registry(found=[EntryPoint("acme", f"{point.value}:adapter", "lockwright")])
    claim = registry.match("acme", identity("Good"))
    assert claim is not None
    assert only(registry).answers["list"].kind.value == "standard"


def test_a_class_in_place_of_its_instance_is_told_as_such(write: Write) -> None:
    point = write("acme", CLASSES)
    registry = Registry(found=[EntryPoint("acme", f"{point.value}:Acme", "lockwright")])
    assert only(registry).status is PluginStatus.BROKEN
    assert "it names the class Acme, and not an instance of it" in only(registry).problem


def test_a_module_in_place_of_its_instance_is_told_which_is_meant(write: Write) -> None:
    point = write("acme", CLASSES)
    registry = Registry(found=[EntryPoint("acme", point.value, "lockwright")])
    assert only(registry).status is PluginStatus.BROKEN
    assert f"may mean {point.value}:adapter" in only(registry).problem


def test_a_module_of_functions_is_told_what_it_does_not_answer(write: Write) -> None:
    answers = only(Registry(found=[write("good", GOOD)])).answers
    assert answers["match"].kind.value == "own"
    assert answers["wipe"].kind.value == "missing"
