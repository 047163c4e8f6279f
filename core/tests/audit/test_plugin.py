"""Every operation with a PIN is recorded, before and after, and no record holds a secret."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pluggy
import pytest
from lockwright.adapter import PROJECT, hookimpl
from lockwright.audit import AuditPlugin, AuditTrail, verify
from lockwright.contract import hooks
from lockwright.contract.audit_facts import request_mark
from lockwright.errors import AuditUnwritable, LockwrightError, PinIncorrect
from lockwright.host.proxy import RemoteAdapter
from lockwright.models import (
    Challenge,
    Failure,
    KeyPair,
    KeyRequest,
    LabelBy,
    ModuleInfo,
    SignatureScheme,
    Token,
    TokenIdentity,
    UnblockWay,
)
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

HIDDEN = b"Hush-Hush-17"
REQUEST, KEY = b"request of the token", b"public key"
RESULTS: dict[str, object] = {
    "lockwright_list": ["one", "two"],
    "lockwright_unblock_challenge": Challenge("S1", REQUEST, 8),
    "lockwright_delete": [Failure("r2", 0x31), Failure("r3", None)],
    "lockwright_wipe": [],
    "lockwright_generate": KeyPair(b"\x01", "Anna", KEY),
    "lockwright_keys": [KeyPair(b"\x01", "Anna", KEY)],
    "lockwright_sign": b"signature",
}
ARGUMENTS: dict[str, dict[str, object]] = {
    "lockwright_list": {"sought": None},
    "lockwright_unblock": {"way": UnblockWay.SO_PIN},
    "lockwright_unblock_challenge": {},
    "lockwright_unblock_complete": {},
    "lockwright_unblock_cancel": {},
    "lockwright_change_pin": {},
    "lockwright_delete": {"refs": ["r1", "r2", "r3"]},
    "lockwright_wipe": {},
    "lockwright_erase": {},
    "lockwright_generate": {"request": KeyRequest("rsa:2048", b"\x01", "Anna")},
    "lockwright_keys": {"key_id": None},
    "lockwright_sign": {
        "key_id": b"\x01",
        "scheme": SignatureScheme.ECDSA_SHA256,
        "data": HIDDEN * 2,
        "ref": None,
    },
    "lockwright_store": {"key_id": b"\x01", "label": "Anna", "certificate": HIDDEN * 3},
    "lockwright_set_policy": {"policy": PinPolicy(min_length=8)},
    "lockwright_init": {"label": "Anna"},
    "lockwright_change_so_pin": {},
    "lockwright_change_puk": {},
    "lockwright_import_key": {"public_key": b"key", "key_id": b"\x01", "label": "Anna"},
    "lockwright_set_label": {"by": LabelBy.USER, "label": "Anna"},
}
TOKEN = Token(
    TokenIdentity(
        serial="S1",
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


def records(file: Path) -> list[dict[str, object]]:
    verify(file)
    return [json.loads(line) for line in file.read_bytes().splitlines()]


def secrets_of(hook: str) -> dict[str, Secret]:
    """A secret for each argument of a hook that takes one."""
    parameters = inspect.signature(getattr(hooks, hook)).parameters.values()
    return {p.name: Secret(HIDDEN) for p in parameters if "Secret" in str(p.annotation)}


class Around:
    """An adapter that looks at the audit file while it works."""

    def __init__(self, file: Path, error: BaseException | None = None) -> None:
        self.seen: list[dict[str, object]] = []
        self.got: dict[str, object] = {}
        self._file = file
        self._error = error

    def __call__(self, hook: str, token: Token, **arguments: object) -> object:
        self.got = {"token": token, **arguments}
        self.seen = records(self._file)
        if self._error is not None:
            raise self._error
        return RESULTS.get(hook)


def call(file: Path, hook: str, error: BaseException | None = None) -> Around:
    around = Around(file, error)
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(RemoteAdapter(around))
    manager.register(AuditPlugin(AuditTrail(file), {"some": ("lockwright-some", "1.2.3")}))
    getattr(manager.hook, hook)(module=None, token=TOKEN, **secrets_of(hook), **ARGUMENTS[hook])
    return around


def test_every_hook_that_takes_a_secret_is_recorded() -> None:
    with_secret = {hook for hook in hooks.HOOKS if secrets_of(hook)}

    # The bank's side touches no token: its own program keeps the record.
    assert with_secret - {"lockwright_respond"} <= set(ARGUMENTS)
    assert {name for name, hook in hooks.HOOKS.items() if hook.records is not None} == (
        set(ARGUMENTS) | {"lockwright_respond"}
    )


@pytest.mark.parametrize("hook", ARGUMENTS)
def test_the_intent_is_on_disk_before_the_token_is_touched(file: Path, hook: str) -> None:
    around = call(file, hook)

    assert around.got == {"token": TOKEN, **secrets_of(hook), **ARGUMENTS[hook]}
    [intent] = around.seen
    assert (intent["event"], intent["hook"]) == ("intent", hook)
    [_intent, outcome] = records(file)
    assert (outcome["event"], outcome["outcome"]) == ("outcome", "ok")
    assert outcome["id"] == intent["id"]
    assert intent["adapter"] == {
        "name": "some",
        "distribution": "lockwright-some",
        "version": "1.2.3",
    }
    assert intent["token"] == {
        "serial": "S1",
        "label": "Anna",
        "model": "M",
        "manufacturer": "Maker",
        "slot": 0,
    }
    assert intent["module"] == "/opt/module.so"


def test_the_requests_of_two_tokens_of_one_serial_number_are_told_apart(file: Path) -> None:
    """Each in a module of its own, which holds it open; the Response names its own Request."""
    module = replace(TOKEN.identity.module, path=Path("/opt/other.so"))
    other = replace(TOKEN, identity=replace(TOKEN.identity, module=module))
    requests = {TOKEN.identity: b"first", other.identity: b"second"}

    def answer(hook: str, token: Token, **arguments: object) -> object:
        del hook, arguments
        return Challenge("S1", requests[token.identity], 8)

    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(RemoteAdapter(answer))
    manager.register(AuditPlugin(AuditTrail(file), {}))
    for token in (TOKEN, other):
        manager.hook.lockwright_unblock_challenge(module=None, token=token)
    for token in (TOKEN, other):
        manager.hook.lockwright_unblock_cancel(module=None, token=token)

    intents = [each for each in records(file) if each["event"] == "intent"]
    ends = [each["facts"] for each in intents if each["hook"] == "lockwright_unblock_cancel"]
    assert ends == [{"request_sha256": request_mark(data)} for data in requests.values()]


@pytest.mark.parametrize("hook", ARGUMENTS)
def test_no_argument_is_recorded_as_it_is_when_it_could_hold_a_secret(
    file: Path, hook: str
) -> None:
    call(file, hook)

    written = file.read_bytes()
    assert HIDDEN not in written
    assert HIDDEN.hex().encode() not in written.lower()
    assert REQUEST not in written


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            PinIncorrect(role="user PIN", tries_left=2, state=None, ckr=0xA0),
            {"outcome": "error", "error": "pin-incorrect", "ckr": "0x000000a0"},
        ),
        (KeyboardInterrupt(), {"outcome": "error", "error": "interrupted", "ckr": None}),
        (
            ValueError("Hush-Hush-17"),
            {"outcome": "error", "error": "unexpected", "kind": "ValueError", "ckr": None},
        ),
    ],
)
def test_a_failure_is_recorded_and_raised(
    file: Path, error: BaseException, told: dict[str, object]
) -> None:
    with pytest.raises(type(error)):
        call(file, "lockwright_change_pin", error)

    outcome = records(file)[1]
    assert told.items() <= outcome.items()
    assert HIDDEN not in file.read_bytes()


@pytest.mark.parametrize(
    ("hook", "facts"),
    [
        ("lockwright_list", {"count": 2}),
        ("lockwright_keys", {"count": 1}),
        (
            "lockwright_delete",
            {"failures": [{"ref": "r2", "ckr": "0x00000031"}, {"ref": "r3", "ckr": None}]},
        ),
        ("lockwright_wipe", {"failures": []}),
        ("lockwright_unblock_challenge", {"request_sha256": "d14f9dde6a1b8f93"}),
    ],
)
def test_the_outcome_tells_what_came_of_it(file: Path, hook: str, facts: dict[str, object]) -> None:
    call(file, hook)

    assert records(file)[1]["facts"] == facts


def test_a_listing_without_a_pin_is_not_recorded(file: Path) -> None:
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(RemoteAdapter(lambda *_args, **_more: ["one"]))
    manager.register(AuditPlugin(AuditTrail(file), {}))

    assert manager.hook.lockwright_list(module=None, token=TOKEN, pin=None, sought=None) == ["one"]

    assert not file.exists()


def test_nothing_is_begun_where_it_cannot_be_recorded(tmp_path: Path) -> None:
    around = Around(tmp_path)
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(RemoteAdapter(around))
    manager.register(AuditPlugin(AuditTrail(tmp_path), {}))

    with pytest.raises(AuditUnwritable) as caught:
        manager.hook.lockwright_wipe(module=None, token=TOKEN, pin=Secret(HIDDEN))

    assert "nothing on the token was changed" in caught.value.cost
    assert around.seen == []


@pytest.mark.parametrize("error", [None, PinIncorrect(role="PIN", tries_left=1, state=None)])
def test_an_outcome_that_cannot_be_recorded_is_not_passed_over(
    file: Path, error: LockwrightError | None
) -> None:
    class Blocking:
        """Takes the audit file away while the token is at work."""

        @hookimpl(wrapper=True)
        def lockwright_wipe(self) -> Iterator[None]:
            try:
                return (yield)
            finally:
                file.unlink()
                file.mkdir()

    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(RemoteAdapter(Around(file, error)))
    manager.register(Blocking())
    manager.register(AuditPlugin(AuditTrail(file), {}))

    with pytest.raises(LockwrightError) as caught:
        manager.hook.lockwright_wipe(module=None, token=TOKEN, pin=Secret(HIDDEN))

    if error is None:
        assert isinstance(caught.value, AuditUnwritable)
        assert caught.value.cost == "The token did what it was asked, but that is not recorded."
    else:
        assert caught.value is error
        assert "the outcome is not recorded" in error.__notes__[0]


def test_an_operation_without_an_outcome_is_named(file: Path) -> None:
    call(file, "lockwright_wipe")
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(lines[0])
    file.with_name("audit.jsonl.head").unlink()

    [unfinished] = verify(file).unfinished

    assert (unfinished.line, unfinished.hook, unfinished.serial) == (1, "lockwright_wipe", "S1")
