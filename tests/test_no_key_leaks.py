"""No administrator key, HSM PIN or Response is found anywhere it has no business."""

from __future__ import annotations

import secrets
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from lockwright import Config, Responder, Secret
from lockwright.errors import LockwrightError
from lockwright.keys.response import KeyInHand
from lockwright.keys.source import HsmKey, KeySource, given_key, hsm_module
from lockwright.models import Grounds, KeyForm
from lockwright.registry import Registry
from lockwright_testkit import responding_adapter as adapter
from lockwright_testkit.hsm import add_key
from lockwright_testkit.leaks import found_in, watched, with_locals
from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import AddedToken, SoftHSM

KEY = secrets.token_bytes(24)
PASSWORD = b"Harbor-" + secrets.token_hex(8).encode()
PIN = "Lantern-" + secrets.token_hex(4)
REQUEST = bytes.fromhex("A892D75601617C5D")
RESPONSE = KeyInHand(Secret(KEY)).des3_ecb(REQUEST)
MADE_OF_PASSWORD = REQUEST[::-1] + PASSWORD[::-1]
HIDDEN = (KEY, PASSWORD, PIN.encode(), RESPONSE, MADE_OF_PASSWORD)
GROUNDS = Grounds("anna", ticket="4711")
POINT = EntryPoint(adapter.NAME, adapter.__name__, "lockwright")
AN_ANSWER = 0
"""Exit code of a command that shows the Response on stdout, which is what it is for."""


@pytest.fixture
def bank(softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token("bankhsm", user_pin=PIN)


@pytest.fixture
def program(tmp_path: Path, softhsm: SoftHSM, monkeypatch: pytest.MonkeyPatch) -> Program:
    adapter.install(tmp_path / "site")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    return Program(tmp_path, forks=False)


def commands(uri: str, model: str, form: str | None) -> tuple[str, ...]:
    """The command with a key by the way that the model needs."""
    key = ("--key-file", "a.key", "--key-format", form) if form else ("--key-uri", uri)
    return (
        *("respond", "--vendor", adapter.NAME, "--model", model, "--serial", "S1"),
        *("--request", REQUEST.hex(), "--ticket", "4711", *key),
        *(() if form else ("--hsm-pin-file", "hsm.pin")),
    )


@pytest.mark.parametrize("more", [(), ("--verbose",), ("--json", "--verbose")])
def test_no_command_shows_a_key_and_no_process_shows_a_response(
    program: Program, softhsm: SoftHSM, bank: AddedToken, more: tuple[str, ...]
) -> None:
    uri = add_key(softhsm, bank, KEY, "admin", pin=PIN)
    runs = (
        (adapter.KEY_MODEL, KeyForm.HEX, 0),
        (adapter.KEY_MODEL, KeyForm.HEX, 15),  # it was answered
        (adapter.KEY_MODEL, None, 15),
        (adapter.BROKEN_MODEL, None, 15),
        (adapter.PASSWORD_MODEL, KeyForm.HEX, 15),
        (adapter.KEY_MODEL, KeyForm.PASSWORD, 15),
    )
    with watched() as seen:
        for model, form, code in runs:
            program.secret("hsm.pin", PIN)
            program.secret("a.key", KEY.hex() if form is KeyForm.HEX else PASSWORD.decode())
            ended = program.run(*commands(uri, model, form), *more)
            assert ended.code == code, ended
            shown = ended.err if code == AN_ANSWER else ended.out + ended.err
            assert found_in(shown, HIDDEN) == []
        for name in ("a.key", "hsm.pin"):
            (program.home / name).unlink()
    assert any("lockwright" in text for text in seen)
    assert found_in("\n".join(seen), HIDDEN) == []
    for file in program.home.rglob("*"):
        if file.is_file():
            assert found_in(file.read_bytes().decode(errors="replace"), HIDDEN) == [], file


@pytest.mark.parametrize("model", [adapter.KEY_MODEL, adapter.BROKEN_MODEL])
def test_an_answer_in_the_hsm_leaves_nothing_behind(
    program: Program, softhsm: SoftHSM, bank: AddedToken, model: str
) -> None:
    uri = add_key(softhsm, bank, KEY, "admin", pin=PIN)
    program.secret("hsm.pin", PIN)

    ended = program.run(*commands(uri, model, None), "--verbose")

    assert ended.code == (0 if model == adapter.KEY_MODEL else 12)
    (program.home / "hsm.pin").unlink()
    assert found_in(ended.err, HIDDEN) == []
    for file in program.home.rglob("*"):
        if file.is_file():
            assert found_in(file.read_bytes().decode(errors="replace"), HIDDEN) == [], file


# --- what a program that uses the library could show ----------------------------------------------


def failures(responder: Responder, key: KeySource) -> list[LockwrightError]:
    """Every way to fail with a key in hand."""
    caught = []
    for model in (adapter.BROKEN_MODEL, adapter.PASSWORD_MODEL, adapter.KEY_MODEL):
        inquiry = responder.inquire(adapter.NAME, model, "S1", REQUEST.hex()).value
        with pytest.raises(LockwrightError) as error:
            responder.respond(inquiry, key, GROUNDS)
        caught.append(error.value)
    return caught


@pytest.mark.parametrize("isolate", [True, False])
@pytest.mark.parametrize("where", ["file", "hsm"])
def test_no_traceback_with_locals_holds_a_key_or_a_response(
    tmp_path: Path,
    softhsm: SoftHSM,
    bank: AddedToken,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    *,
    isolate: bool,
) -> None:
    audit = tmp_path / "audit.jsonl"
    (tmp_path / "late.py").write_text(  # the outcome cannot be recorded: a Response is in hand
        "from pathlib import Path\n"
        "from lockwright.adapter import hookimpl\n"
        "@hookimpl(wrapper=True)\n"
        "def lockwright_respond():\n"
        "    response = yield\n"
        f"    Path({str(audit)!r}).unlink()\n"
        f"    Path({str(audit)!r}).mkdir()\n"
        "    return response\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "late", raising=False)
    late = EntryPoint("late", "late", "lockwright")
    config = Config(audit=audit, ledger=tmp_path / "answered.db")
    responder = Responder(config, isolate=isolate, registry=Registry(found=[POINT, late]))
    uri = add_key(softhsm, bank, KEY, "admin", pin=PIN)
    key: KeySource = (
        given_key(Secret(KEY.hex()), KeyForm.HEX)
        if where == "file"
        else HsmKey(uri, hsm_module(uri), Secret(PIN))
    )

    caught = failures(responder, key)

    codes = [error.code for error in caught]
    assert codes == ["adapter-broken", "key-unusable", "audit-unwritable"]
    for error in caught:
        shown = with_locals(error)
        assert "Secret(***)" in shown
        assert found_in(shown, HIDDEN) == []


def test_the_search_finds_what_it_looks_for() -> None:
    for hidden in HIDDEN:
        for text in (hidden.hex().upper(), repr(hidden), str(list(hidden))):
            assert hidden in found_in(f"...{text}...", HIDDEN)
