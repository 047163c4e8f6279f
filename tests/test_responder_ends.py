"""Programs with a Responder that stays open: two at once, killed, and ended without closing it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from lockwright.audit import verify
from lockwright.errors import RequestAnswered
from lockwright.ledger import Answer, Ledger, Limits
from lockwright_testkit.waiting import children_of, runs, until

KEY = "7A1F0B52C8D3E94610FE2D3C4B5A69788796A5B4C3D2E1F0"
REQUESTS = 10
PATIENCE = 60
PROGRAM = """
import os, sys, time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import EntryPoint
from pathlib import Path
from lockwright import Config, Responder, Secret
from lockwright.errors import RequestAnswered
from lockwright.keys.source import given_key
from lockwright.ledger import Limits
from lockwright.models import Grounds, Inquiry, KeyForm
from lockwright.registry import Registry
from lockwright_testkit import odd_responder as odd

folder = Path(sys.argv[1])
config = Config(
    audit=folder / "bank" / "audit.jsonl",
    ledger=folder / "bank" / "answered.db",
    limits=Limits(None, None, None),
    adapters={odd.NAME: {"folder": str(folder)}},
)
points = [EntryPoint(odd.NAME, odd.__name__, "lockwright")]
responder = Responder(config, at_once=int(sys.argv[3]), registry=Registry(found=points))
key = given_key(Secret(sys.argv[2]), KeyForm.HEX)

def answer(number, model=odd.PLAIN):
    asked = Inquiry(odd.NAME, model, "S1", number.to_bytes(8))
    try:
        with responder.respond(asked, key, Grounds("anna", ticket="1")) as response:
            os.write(1, f"{number} {response.reveal().hex()}\\n".encode())
    except RequestAnswered:
        pass

def answer_all(numbers):
    with ThreadPoolExecutor(10) as operators:
        list(operators.map(answer, numbers))
"""
SHARED = """
with responder:
    answer(1000 + os.getpid())
    while not (folder / "go").exists():
        time.sleep(0.005)
    answer_all(range(int(sys.argv[4])))
"""
ENDLESS = """
with responder:
    answer_all(range(1_000_000))
"""
NOT_CLOSED = """
responder.__enter__()
answer(1)
print([each for each in Path("/proc/self/task").glob("*/children")][0].read_text(), flush=True)
"""
WIPES = """
def read(name):
    buffer = bytearray(48)
    with open(folder / name, "rb", buffering=0) as file:
        file.readinto(buffer)
    digits = Secret(buffer)
    buffer[:] = bytes(48)
    with digits:
        return given_key(digits, KeyForm.HEX)

with responder:
    for key in map(read, ("first.key", "second.key")):
        answer(1 if key.value.buffer[0] < 128 else 2)
        if key.value.buffer[0] < 128:
            key.wipe()
    (folder / "memory").write_bytes(odd.memory())
"""


def begun(tmp_path: Path, does: str, *more: str, at_once: int = 1) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM + does, str(tmp_path), KEY, str(at_once), *more]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def answers(out: str) -> dict[int, str]:
    lines = [line.split() for line in out.splitlines()]
    return {int(number): response for number, response in lines}


def records(tmp_path: Path) -> list[dict[str, Any]]:
    text = (tmp_path / "bank" / "audit.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def test_two_programs_give_each_response_once(tmp_path: Path) -> None:
    programs = [begun(tmp_path, SHARED, str(REQUESTS)) for _ in range(2)]
    for program in programs:
        assert program.stdout is not None
        program.stdout.readline()  # it is warm
    (tmp_path / "go").touch()
    told = [program.communicate(timeout=PATIENCE) for program in programs]

    assert [err for _out, err in told] == ["", ""]
    given = Counter(number for out, _err in told for number in answers(out))
    assert given == Counter(range(REQUESTS))
    assert verify(tmp_path / "bank" / "audit.jsonl").operations == 2 * REQUESTS + 2
    outcomes = Counter(each["outcome"] for each in records(tmp_path) if each["event"] == "outcome")
    assert outcomes == {"ok": REQUESTS + 2, "error": REQUESTS}


def test_a_program_that_is_killed_has_given_nothing_that_is_not_written(tmp_path: Path) -> None:
    program = begun(tmp_path, ENDLESS, at_once=2)
    assert program.stdout is not None
    first = [program.stdout.readline() for _ in range(12)]
    below = children_of(program.pid)
    program.kill()
    given = answers("".join(first) + program.communicate()[0])

    assert below
    until(lambda: not any(map(runs, below)))
    summary = verify(tmp_path / "bank" / "audit.jsonl")
    assert len(summary.unfinished) <= 10
    done = [each["id"] for each in records(tmp_path) if each["event"] == "outcome"]
    assert len(done) >= len(given)
    ledger = Ledger(tmp_path / "bank" / "answered.db", Limits(None, None, None))
    for number in given:
        with pytest.raises(RequestAnswered):
            ledger.check(Answer(number.to_bytes(8), "S1", "anna"))


def test_a_key_that_was_wiped_is_nowhere_in_the_program(tmp_path: Path) -> None:
    """The second one is not wiped, and is found: so the first one would be."""
    first, second = b"\x1d" + os.urandom(23), b"\xd1" + os.urandom(23)
    (tmp_path / "first.key").write_text(first.hex())
    (tmp_path / "second.key").write_text(second.hex())
    program = begun(tmp_path, WIPES)
    out, err = program.communicate(timeout=PATIENCE)

    assert (err, set(answers(out))) == ("", {1, 2})
    seen = (tmp_path / "memory").read_bytes()
    assert second in seen
    for part in (first, first[8:16], first.hex().encode(), first.hex().encode()[8:24]):
        assert part not in seen


def test_a_program_that_ends_without_closing_leaves_no_process(tmp_path: Path) -> None:
    program = begun(tmp_path, NOT_CLOSED)
    out, err = program.communicate(timeout=PATIENCE)

    assert (program.returncode, err) == (0, "")
    below = {int(each) for each in out.splitlines()[1].split()}
    assert below
    until(lambda: not any(map(runs, below)))
