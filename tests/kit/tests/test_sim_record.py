"""What the simulator writes down: counts of all programs together, and the trace."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from ctypes import byref, c_ulong, create_string_buffer
from pathlib import Path

import pytest
from lockwright.pkcs11.constants import CKA, CKR, CKU
from lockwright_testkit.raw import Mechanism, RawModule, Value
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator

AES, AES_ECB = 0x1F, 0x1081
CREATE = "with started(path) as module:\n    module.create(module.open(0), {0: 0, 1: 1})"
KEY = b"0123456789abcdef0123456789abcdef"

Starter = Callable[[Simulator], RawModule]
Child = Callable[..., "subprocess.CompletedProcess[str]"]


def test_every_call_of_every_program_is_counted(
    token: Simulator, start: Starter, child: Child
) -> None:
    module = start(token)
    session = module.open(module.slots()[0])
    module.login(session, USER_PIN)
    child(token, "with started(path) as module:\n    module.login(module.open(0), 'wrong')")
    counts = token.counts()
    assert counts["C_Initialize"] == 2
    assert counts["C_Finalize"] == 1
    assert counts["C_OpenSession"] == 2
    assert counts["C_Login"] == 2
    assert "C_Sign" not in counts


def test_counts_begin_anew(token: Simulator, start: Starter) -> None:
    module = start(token)
    token.zero_counts()
    module.slots()
    assert token.counts() == {"C_GetSlotList": 1}


def test_a_call_with_a_wrong_handle_counts_too(token: Simulator, start: Starter) -> None:
    module = start(token)
    module.login(4711, USER_PIN)
    assert token.counts()["C_Login"] == 1


def test_the_trace_tells_function_answer_and_time_and_no_secret(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    session = module.open(module.slots()[0])
    token.start_trace()
    module.login(session, "wrong-pin-7")
    module.call("C_SetPIN", session, USER_PIN, "Nova-pin-2")
    module.login(session, SO_PIN, CKU.SO)
    token.stop_trace()
    module.slots()
    lines = token.trace()
    words = [line.split() for line in lines]
    assert [each[4] for each in words] == ["C_Login", "C_SetPIN", "C_Login"]
    assert [each[5] for each in words] == ["0xa0", "0x0", "0x0"]
    assert all(each[6].endswith("us") and int(each[6][:-2]) > 0 for each in words)
    assert {each[1] for each in words} == {f"pid={os.getpid()}"}
    for secret in ("wrong-pin-7", USER_PIN, "Nova-pin-2", SO_PIN):
        assert not any(secret in line or secret.encode().hex() in line for line in lines)


def test_what_is_shown_holds_no_secret(token: Simulator) -> None:
    shown = token.show()
    assert shown["slot0.user.pin"] == shown["slot0.so.pin"] == "***"
    assert not {USER_PIN, SO_PIN} & set(shown.values())


def test_no_key_no_data_and_no_answer_is_written_down(token: Simulator, start: Starter) -> None:
    """Of a call there stays what it was, never what went through it."""
    module = start(token)
    session = module.open(module.slots()[0])
    token.start_trace()
    module.login(session, USER_PIN)
    key: dict[int, Value] = {CKA.CLASS: 4, CKA.KEY_TYPE: AES, CKA.VALUE: KEY, CKA.ENCRYPT: True}
    _, made = module.create(session, key | {CKA.SENSITIVE: False, CKA.EXTRACTABLE: True})
    assert module.get(session, made, CKA.VALUE) == (CKR.OK, KEY)
    assert module.call("C_EncryptInit", session, byref(Mechanism(AES_ECB, None, 0)), made) == CKR.OK
    room, length = create_string_buffer(32), c_ulong(32)
    assert module.call("C_Encrypt", session, KEY, room, byref(length)) == CKR.OK
    told = "\n".join([*token.trace(), *map(str, token.show().items()), str(token.counts())])
    assert "C_Encrypt 0x0" in told
    for secret in (KEY, room.raw, USER_PIN.encode()):
        assert secret.hex() not in told.lower()
        assert secret.decode(errors="replace") not in told


def test_the_folder_is_for_its_owner_alone(
    tmp_path: Path, child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the caller's umask, and though the folder was there before, for all to read."""
    folder = tmp_path / "token"
    folder.mkdir(mode=0o755)
    before = os.umask(0)
    try:
        token = Simulator.create(folder)
        monkeypatch.setenv("LOCKWRIGHT_SIM", str(folder))
        token.start_trace()
        child(
            token, "with started(path) as module:\n    module.create(module.open(0), {0: 0, 1: 1})"
        )
    finally:
        os.umask(before)
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert {"device.conf", "state", "counts", "lock", "trace"} < {file.name for file in files}
    assert [file for file in files if file.stat().st_mode & 0o077] == []
