"""Ten thousand logins of four programs: every wrong one is counted, none twice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from lockwright_testkit.sim import Simulator

PROGRAMS, EACH, FULL = 4, 2500, 100_000
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
