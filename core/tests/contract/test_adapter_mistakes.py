"""What an author of an adapter gets wrong is told before there is a token."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pluggy
import pytest
from lockwright.adapter import StandardAdapter
from lockwright.contract import hooks
from lockwright.contract.adapter_class import Kind, answers_of
from lockwright.contract.markers import PROJECT
from lockwright.models import TokenState


def derive(**body: object) -> type[StandardAdapter]:
    return type("Derived", (StandardAdapter,), body)


def implemented(adapter: object) -> set[str]:
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(adapter)
    return {caller.name for caller in manager.get_hookcallers(adapter) or ()}


@pytest.mark.parametrize(
    "written",
    [lambda module, token: (module, token), lambda: None, lambda *_all: None],
    ids=["a function without staticmethod", "nothing taken", "whatever comes"],
)
def test_a_method_without_self_is_refused_since_an_argument_would_be_the_adapter(
    written: Any,
) -> None:
    with pytest.raises(TypeError, match="lockwright_list takes no self"):
        derive(lockwright_list=written)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"tokens": {"Acme Ltd": "Acme One"}}, "tokens['Acme Ltd'] is a text"),
        ({"bindings": "pykcs11"}, "bindings is a text; a tuple of one is ('pykcs11',)"),
        ({"modules": "/usr/lib/acme.so"}, "modules is a text"),
    ],
    ids=["models", "bindings", "modules"],
)
def test_one_name_that_lacks_its_comma_is_refused_since_each_letter_would_count(
    body: dict[str, object], told: str
) -> None:
    with pytest.raises(TypeError) as refused:
        derive(**body)
    assert told in str(refused.value)


def test_a_state_that_is_told_no_token_is_refused_where_models_differ() -> None:
    """Its capabilities could not leave out what one of the models is not offered."""

    def state(self: object) -> TokenState:
        del self
        return TokenState()

    kind = derive(lockwright_state=state, not_offered={"wipe": {"Acme One": "one by one"}})
    with pytest.raises(TypeError, match="lockwright_state must take the token"):
        kind()
    assert derive(lockwright_state=state)().answers["state"].kind is Kind.OWN


def test_a_hook_that_an_instance_covers_up_is_told_as_missing() -> None:
    """What stands in the instance is no hook, and would be passed over without a word."""
    adapter = StandardAdapter()
    vars(adapter)["lockwright_list"] = list
    answers = answers_of(adapter, implemented(adapter))
    assert answers["list"].kind is Kind.MISSING
    assert answers["wipe"].kind is Kind.STANDARD


def test_what_a_plugin_calls_answers_for_itself_is_not_taken_for_ours() -> None:
    for plugin in (SimpleNamespace(answers={}), SimpleNamespace(answers={"list": 42})):
        answers = answers_of(plugin, {"lockwright_match"})
        assert list(answers) == [each.short for each in hooks.HOOKS.values()]
        assert answers["match"].kind is Kind.OWN
        assert answers["list"].kind is Kind.MISSING
