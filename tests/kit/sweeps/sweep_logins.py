"""Programs that use one token at once: no login is lost or counted twice, no challenge either."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from ctypes import byref, c_ulong, create_string_buffer
from pathlib import Path

import pytest
from lockwright_testkit.raw import started
from lockwright_testkit.sim import Personality, Simulator, register
from lockwright_testkit.sim.answers import des3_answer

PROGRAMS, EACH, FULL = 4, 2500, 100_000
NO_CHALLENGE = 0x80000016
ROUNDS, KEY = 500, bytes(range(24))
SAMPLE = Path(__file__).parent.with_name("tests") / "sample.c"
ANSWERS = """
import sys
from pathlib import Path
from lockwright_testkit.raw import started
with started(Path(sys.argv[1])) as module:
    for line in sys.stdin:
        print(module.call("SA_Complete", 0, bytes.fromhex(line), "Nova-pin-2"), flush=True)
"""
LOGINS = """
import sys
from pathlib import Path
from lockwright_testkit.raw import started
with started(Path(sys.argv[1])) as module:
    session = module.open(0)
    wrong = 0
    for turn in range(int(sys.argv[2])):
        if turn % 5:
            assert module.login(session, "wrong") == 0xA0
            wrong += 1
        else:
            assert module.login(session, "so-pin-1234", 0) == 0
            assert module.call("C_Logout", session) == 0
print(wrong)
"""


@pytest.mark.timeout(600)
def test_ten_thousand_logins_of_four_programs(tmp_path: Path) -> None:
    token = Simulator.create(tmp_path / "token", settings={"user.tries.max": FULL})
    command = [sys.executable, "-c", LOGINS, str(token.module), str(EACH)]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | token.environment)
        for _ in range(PROGRAMS)
    ]
    printed = [program.communicate()[0] for program in running]
    assert [program.returncode for program in running] == [0] * PROGRAMS
    assert token.tries() == FULL - sum(int(each) for each in printed)
    assert token.counts()["C_Login"] == PROGRAMS * EACH


@pytest.mark.timeout(600)
def test_a_challenge_that_two_programs_answer_at_once_is_answered_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(Personality("sample", "sample", source=SAMPLE))
    token = Simulator.create(tmp_path / "token", "sample", settings={"admin.key": KEY})
    monkeypatch.setenv("LOCKWRIGHT_SIM", str(token.folder))
    command = [sys.executable, "-c", ANSWERS, str(token.module)]
    pipe = subprocess.PIPE
    two = [subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe) for _ in range(2)]
    with started(token.module) as module:
        for _ in range(ROUNDS):
            room, length = create_string_buffer(8), c_ulong(8)
            assert module.call("SA_Challenge", 0, room, byref(length)) == 0
            answers = [_ask(each, des3_answer(KEY, room.raw)) for each in two]
            assert sorted(answer() for answer in answers) == [0, NO_CHALLENGE]
    for each in two:
        each.communicate()
    assert token.tries("so") == int(token.show()["slot0.so.tries.max"])


def _ask(program: subprocess.Popen[str], response: bytes) -> Callable[[], int]:
    """Hand a Response to a program that waits; what is returned waits for its return value."""
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write(f"{response.hex()}\n")
    program.stdin.flush()
    reader = program.stdout
    return lambda: int(reader.readline())
