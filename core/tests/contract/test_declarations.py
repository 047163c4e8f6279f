"""A hook is declared once; whatever handles hooks is made from that, and knows them all."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from lockwright.audit import AuditPlugin, AuditTrail
from lockwright.contract import ca_hooks, hooks
from lockwright.contract.audit_facts import NOTHING_RECORDED, Of
from lockwright.contract.declaration import Declared, Spent, hook
from lockwright.contract.derived import Wrapping, surrounding
from lockwright.errors import LastTry
from lockwright.errors.pins import USER_PIN
from lockwright.host.protocol import Care
from lockwright.host.proxy import RemoteAdapter
from lockwright.host.tries import Tries
from lockwright.models import (
    LabelBy,
    ModuleInfo,
    PinState,
    PinStatus,
    Token,
    TokenIdentity,
    TokenState,
    UnblockWay,
)
from lockwright.operations.guard import Guard
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

TOKEN = Token(
    TokenIdentity(
        serial="01",
        label="Anna",
        model="M",
        manufacturer="Maker",
        module=ModuleInfo(Path("/opt/module.so"), "Maker", "module", (1, 0)),
        slot=0,
        slot_description="reader",
    ),
    adapter="some",
    reason="a test",
)
CORE = Path(hooks.__file__).parents[2]
CLIENTS = CORE / "enrol" / "ca"
"""CA clients that come with core: plugins, which implement hooks as any other does."""
EVERY = {**hooks.HOOKS, **ca_hooks.HOOKS}
DOORS = ("runner/*.py", "responder.py", "registry/*.py", "host/*.py", "operations/**/*.py")
"""What calls hooks for those who use lockwright."""


@cache
def functions(folder: Path) -> tuple[tuple[str, Path], ...]:
    return tuple(
        (node.name, source)
        for source in folder.rglob("*.py")
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    )


def wrapped(plugin: object) -> set[str]:
    return {name for name in vars(plugin) if name in EVERY}


@pytest.mark.parametrize("name", EVERY)
def test_the_signature_of_a_hook_stands_in_one_file_of_core(name: str) -> None:
    places = {file for found, file in functions(CORE) if found == name}

    assert {file for file in places if CLIENTS not in file.parents} == {
        Path(EVERY[name].function.__code__.co_filename)
    }


def test_every_function_of_the_contract_is_declared() -> None:
    for contract in (hooks, ca_hooks):
        named = [name for name in vars(contract) if name.startswith("lockwright_")]
        assert sorted(named) == sorted(contract.HOOKS)


def test_the_proxy_carries_every_hook_that_is_about_a_token() -> None:
    proxy = RemoteAdapter(lambda *_args, **_more: None)

    carried = {name for name, declared in hooks.HOOKS.items() if declared.about_a_token}
    assert len(carried) > 15
    assert wrapped(proxy) == carried


def test_the_guard_stands_before_every_change_and_every_new_pin() -> None:
    guard = Guard(lambda _token: PinPolicy(), lambda _token: PinPolicy())

    changes = {name for name, each in hooks.HOOKS.items() if each.changes}
    sets = {name for name, each in hooks.HOOKS.items() if "new_pin" in each.parameters}
    ends = {"lockwright_unblock_complete", "lockwright_unblock_cancel"}
    assert sets <= changes
    assert wrapped(guard) == changes - ends


@pytest.mark.parametrize("name", [n for n, each in hooks.HOOKS.items() if each.spends])
def test_the_last_try_is_spared_before_every_login(name: str, tmp_path: Path) -> None:
    declared = hooks.HOOKS[name]
    if declared.request is not None:
        return  # judged before the Request is made, which holds the turn
    nearly = PinStatus(PinState.FINAL_TRY)
    state = TokenState(nearly, nearly, nearly)
    arguments = dict.fromkeys(declared.parameters, Secret("1")) | {
        "way": UnblockWay.PUK,
        "by": LabelBy.USER,
    }
    with (
        pytest.raises(LastTry),
        Tries(Care(locks=tmp_path)).around(declared, "01", arguments, lambda: state),
    ):
        pytest.fail("it was tried")


def test_the_trail_records_every_hook_that_changes_or_spends(tmp_path: Path) -> None:
    plugin = AuditPlugin(AuditTrail(tmp_path / "audit.jsonl"), {})

    matters = {name for name, each in EVERY.items() if each.changes or each.spends or each.sets}
    assert matters <= wrapped(plugin)


@pytest.mark.parametrize(
    "name", [n for n, each in hooks.HOOKS.items() if "so_pin" in each.parameters]
)
def test_a_hook_that_takes_the_so_pin_spends_it_and_changes_something(name: str) -> None:
    declared = hooks.HOOKS[name]

    assert declared.changes
    assert declared.spends is not None
    assert declared.spends.argument == "so_pin"


@pytest.mark.parametrize("name", EVERY)
def test_every_hook_has_a_door(name: str) -> None:
    """An adapter must not be asked to promise what nobody can ask for."""
    text = "".join(file.read_text(encoding="utf-8") for door in DOORS for file in CORE.glob(door))

    assert re.search(rf"hooks\.{name}\b|\"{name}\"", text)


@pytest.mark.parametrize("name", [n for n, each in hooks.HOOKS.items() if each.about_a_token])
def test_a_hook_beside_a_module_says_what_it_does(name: str) -> None:
    assert hooks.HOOKS[name].doing


def test_what_removes_objects_says_how_many() -> None:
    removing = {name: each for name, each in hooks.HOOKS.items() if each.removes}

    assert [each.work_in({"refs": ["a", "b"]}, 7) for each in removing.values()] == [2, 7, 7, 7]
    emptying = {"lockwright_wipe", "lockwright_erase", "lockwright_init"}
    assert set(removing) == {"lockwright_delete", *emptying}
    assert hooks.HOOKS["lockwright_list"].work_in({}, 7) == 0


def test_a_first_so_pin_is_judged_where_the_token_has_none_and_another_one_always() -> None:
    init, change = hooks.HOOKS["lockwright_init"], hooks.HOOKS["lockwright_change_so_pin"]
    nobody = TokenState(so_pin=PinStatus(PinState.NOT_SET))
    tokens = {
        "in use": TOKEN,
        "blank": replace(TOKEN, identity=replace(TOKEN.identity, initialized=False)),
        "without an administrator": replace(TOKEN, state=nobody),
    }

    assert {name: init.new_other_in(token) for name, token in tokens.items()} == {
        "in use": "",
        "blank": "so_pin",
        "without an administrator": "so_pin",
    }
    assert {change.new_other_in(token) for token in tokens.values()} == {"new_so_pin"}


def some(module: object, token: object, pin: object) -> None:
    del module, token, pin


def logs_in(module: object, token: object, puk: Secret) -> None:
    del module, token, puk


def test_a_secret_that_is_neither_spent_nor_set_is_refused() -> None:
    with pytest.raises(TypeError, match="takes puk and neither spends nor sets"):
        Declared(function=logs_in)


def test_a_secret_is_never_recorded() -> None:
    with pytest.raises(TypeError, match="would record a secret as puk"):
        Declared(function=logs_in, spends=Spent("puk", "PUK"), records={"puk": Of("puk")})


@pytest.mark.parametrize(
    "declaration",
    [{"changes": True}, {"spends": Spent("pin", "user PIN")}, {"sets": "pin"}],
    ids=["changes", "spends", "sets"],
)
def test_what_matters_is_refused_when_it_is_not_recorded(declaration: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="some spends or changes something"):
        hook(**declaration)(some)  # type: ignore[arg-type]  # one of them each


@pytest.mark.parametrize(
    "declared",
    [
        {"spends": Spent("pn", "user PIN"), "records": NOTHING_RECORDED},
        {"sets": "pn", "records": NOTHING_RECORDED},
        {"records": {"pin": Of("pn")}},
    ],
    ids=["spends", "sets", "records"],
)
def test_an_argument_that_is_not_there_is_refused(declared: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="some has no argument pn"):
        Declared(function=some, **declared)  # type: ignore[arg-type]  # one of them each


def test_what_destroys_or_unblocks_is_told_from_what_its_owner_does() -> None:
    destroys = {each.short for each in hooks.HOOKS.values() if each.destroys}
    unblocks = {each.short for each in hooks.HOOKS.values() if each.unblocks}

    assert destroys >= {"delete", "wipe", "erase"}
    assert unblocks >= {"unblock", "unblock_challenge", "unblock_complete", "respond", "erase"}
    owners = {"list", "change_pin", "generate", "store", "sign", "unblock_cancel", "policy"}
    assert not (destroys | unblocks) & owners
    by_an_administrator = {
        each.short
        for each in hooks.HOOKS.values()
        if each.changes and each.spends and USER_PIN not in each.spends.roles
    }
    assert unblocks >= by_an_administrator


def test_who_surrounds_a_hook_is_given_no_secret_and_no_module() -> None:
    for declared in EVERY.values():
        given: list[Mapping[str, object]] = []

        def around(_declared: Declared, arguments: Mapping[str, object]) -> Wrapping:
            given.append(arguments)  # noqa: B023  # it is called in this very turn
            return (yield)

        for value in ("given", None):
            call = surrounding(declared, around)(*[value] * len(declared.parameters))
            next(call)  # type: ignore[call-overload]  # it is a generator
        first, second = given
        hidden = {"module", "key", "settings"}
        assert first.keys() == set(declared.parameters) - hidden - declared.secrets.keys()
        assert second.keys() == set(declared.parameters) - (hidden - declared.secrets.keys())
