"""The audit file of work on a real token, from beginning to end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lockwright.audit import verify
from lockwright.config import Config
from lockwright.errors import PinIncorrect, PinRefused
from lockwright.runner import Runner
from lockwright.secret import Secret
from lockwright_testkit.softhsm import SO_PIN, USER_PIN, SoftHSM

GOOD_PIN = "Kettle-Moss-42"


def test_work_on_a_real_token_is_told_from_beginning_to_end(softhsm: SoftHSM, file: Path) -> None:
    serial = softhsm.add_token("Анна").serial
    with Runner(Config(audit=file), modules=[softhsm.module]) as runner:
        token = runner.find(serial)
        with pytest.raises(PinIncorrect):
            runner.list(token, Secret("wrong-pin-99"))
        with pytest.raises(PinRefused):
            runner.change_pin(token, Secret(USER_PIN), Secret("12345678"))
        runner.unblock(token, Secret(SO_PIN), Secret(GOOD_PIN))
        runner.request(token, Secret(GOOD_PIN), "CN=Anna", key_type="ec:p256")

    told = [json.loads(line) for line in file.read_bytes().splitlines()]
    outcomes = [r for r in told if r["event"] == "outcome"]
    assert [(r["hook"], r["outcome"], r.get("error")) for r in outcomes] == [
        ("lockwright_list", "error", "pin-incorrect"),
        ("lockwright_change_pin", "error", "pin-refused"),
        ("lockwright_unblock", "ok", None),
        ("lockwright_generate", "ok", None),
        ("lockwright_sign", "ok", None),
    ]
    assert outcomes[0]["ckr"] == "0x000000a0"
    assert {json.dumps(r["token"]) for r in told} == {json.dumps(told[0]["token"])}
    written = file.read_bytes()
    for pin in (USER_PIN, SO_PIN, GOOD_PIN, "wrong-pin-99", "12345678"):
        assert pin.encode() not in written
    summary = verify(file)
    assert (summary.operations, summary.unfinished) == (5, ())
