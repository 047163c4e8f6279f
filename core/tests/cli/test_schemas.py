"""What every command answers in JSON keeps to the schema that is shipped with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from lockwright_testkit import responding_adapter
from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import AddedToken

SCHEMAS = files("lockwright.cli") / "schemas"
PIN = ("--pin-file", "user.pin")
SO = ("--so-pin-file", "so.pin")
COMMANDS = {
    "tokens": ("tokens",),
    "list": ("list", *PIN),
    "unblock": ("unblock", *SO, "--new-pin-file", "new.pin"),
    "pin-change": ("pin", "change", *PIN, "--new-pin-file", "new.pin"),
    "delete": ("delete", "work", *PIN, "--yes"),
    "enroll": ("enroll", "--csr-out", "-", "--subject", "CN=x", *PIN),
    "so-pin-change": ("so-pin", "change", *SO, "--new-so-pin-file", "new.pin"),
    "test": ("test", *PIN),
    "export": ("export",),
    "policy-show": ("policy", "show", "--token", "pkcs11:token=Anna"),
    "policy-check": ("policy", "check", "--new-pin-file", "weak.pin"),
    "plugins": ("plugins",),
    "plugins-pin": ("plugins", "pin", "--files"),
    "storages": ("storages",),
    "doctor": ("doctor",),
    "audit-show": ("audit", "show"),
    "audit-verify": ("audit", "verify"),
    "completion": ("completion", "bash"),
}


def schema(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text())
    return read


def names() -> set[str]:
    return {path.name.removesuffix(".json") for path in SCHEMAS.iterdir()}


def check(name: str, document: object) -> None:
    Draft202012Validator(schema(name)).validate(document)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_real_answer_keeps_to_the_schema(
    program: Program, enrol: Callable[..., str], name: str
) -> None:
    enrol("work")
    program.secret("weak.pin", "abc")
    if name.startswith("audit-"):
        program.run("list", *PIN)  # there has to be a trail
    ended = program.run(*COMMANDS[name], "--json")
    assert ended.code == (6 if name == "policy-check" else 0), ended
    check(name, ended.document)


def test_a_real_wipe_keeps_to_the_schema(
    program: Program, token: AddedToken, enrol: Callable[..., str]
) -> None:
    enrol("work")
    ended = program.run("wipe", *PIN, "--yes", "--token", token.serial, "--json")
    check("wipe", ended.document)
    assert ended.document["gone"]


def test_a_real_response_keeps_to_the_schema(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    responding_adapter.install(program.home / "site")
    monkeypatch.setenv("PYTHONPATH", str(program.home / "site"))
    program.secret("admin.key", "7A1F0B52C8D3E94610FE2D3C4B5A69788796A5B4C3D2E1F0")
    about = (
        "--vendor",
        responding_adapter.NAME,
        "--model",
        responding_adapter.KEY_MODEL,
        "--serial",
        "0B53",
    )
    ended = program.run(
        *("respond", *about, "--request", "A892D75601617C5D", "--key-file", "admin.key"),
        *("--ticket", "4711", "--json"),
    )
    check("respond", ended.document)


@pytest.mark.parametrize(
    "command",
    [
        ("list", "--token", "ghost"),
        ("bogus",),
        ("list", "--pin-fd", "88"),
        ("delete", "ghost", *PIN, "--yes"),
        ("policy", "show", "--config", "/nowhere.toml"),
    ],
)
def test_a_real_error_keeps_to_the_schema(
    program: Program, token: AddedToken, command: tuple[str, ...]
) -> None:
    ended = program.run(*command, "--json")
    assert ended.code != 0
    check("error", ended.document)


def test_a_problem_of_a_module_keeps_to_the_schema(program: Program, token: AddedToken) -> None:
    check("tokens", program.run("tokens", "--module", "/nowhere/lib.so", "--json").document)


@pytest.mark.parametrize("name", sorted(names()))
def test_a_schema_is_one_and_lets_nothing_else_pass(name: str) -> None:
    read = schema(name)
    Draft202012Validator.check_schema(read)
    assert not Draft202012Validator(read).is_valid({"surprise": 1})
    for part in _objects(read):
        assert part.get("additionalProperties") is not None, part


def test_every_command_has_a_schema() -> None:
    assert names() == {
        *COMMANDS,
        "wipe",
        "error",
        "renew",
        "renew-due",
        "respond",
        "respond-case",
        "unblock-event",
        "policy-set",
        "token-init",
        "puk-change",
        "label",
        "import",
    }


def _objects(part: object) -> list[dict[str, Any]]:
    if isinstance(part, dict):
        own = [part] if part.get("type") == "object" else []
        return own + [found for value in part.values() for found in _objects(value)]
    if isinstance(part, list):
        return [found for value in part for found in _objects(value)]
    return []
