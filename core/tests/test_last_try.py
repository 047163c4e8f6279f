"""The last try of a PIN, between two programs of one account, each a process of its own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from lockwright import Config, Runner, Secret
from lockwright.errors import LastTry, PinIncorrect, TokenBusy, TriesUnguarded
from lockwright.host.protocol import Care
from lockwright.host.tries import Tries
from lockwright.models.deadlines import Deadlines
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory

ALIKE = Config(audit=None, deadlines=Deadlines(call=1))
"""Half a second is waited for another program's turn."""
CALLS_OF_A_LISTING = 29 + 1
"""What an empty JaCarta PKI was asked when the caller's process judged its state before, and one
call by which the session sees that it is still with the same token."""
A_PROGRAM = """
import sys
from pathlib import Path
from lockwright import Config, LockwrightError, Runner, Secret

with Runner(Config(audit=None), modules=[Path(sys.argv[1])]) as runner:
    token = runner.find()
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        runner.list(token, Secret("a wrong one"))
    except LockwrightError as error:
        print(error.code)
"""


def test_two_programs_at_once_do_not_spend_the_last_try(sim: SimulatorFactory) -> None:
    """Each sees two tries before it logs in, if the other may log in meanwhile."""
    device = sim(
        "jacarta-pki", settings={"user.tries.max": 3, "user.tries": 2, "delay.C_Login": 300}
    )
    command = [sys.executable, "-c", A_PROGRAM, str(device.module)]
    programs = [
        subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    told = Counter(program.communicate()[0].strip() for program in programs)

    assert told == {"pin-incorrect": 1, "last-try": 1}
    assert device.tries() == 1


def test_the_last_try_is_judged_by_who_logs_in(sim: SimulatorFactory) -> None:
    """The state that is judged is read in the child, in the turn of the login; no call is added."""
    device = sim("jacarta-pki", settings={"user.tries.max": 3})
    with Runner(Config(audit=None), modules=[device.module]) as runner:
        token = runner.find()
        device.start_trace()
        runner.list(token, Secret(USER_PIN))
        device.stop_trace()
        names = [line.split()[4] for line in device.trace()]
        assert len({line.split()[1] for line in device.trace()}) == 1
        assert names.index("C_GetTokenInfo") < names.index("C_Login")
        assert len(names) <= CALLS_OF_A_LISTING, names

        with pytest.raises(PinIncorrect):
            runner.list(token, Secret("a wrong one"))
        with pytest.raises(PinIncorrect):
            runner.list(token, Secret("a wrong one"))
        device.zero_counts()
        with pytest.raises(LastTry):
            runner.list(token, Secret("a wrong one"))
        assert device.counts().get("C_Login", 0) == 0
    assert device.tries() == 1


@pytest.mark.parametrize("isolate", [True, False])
def test_the_last_try_is_spent_for_whoever_was_asked_and_no_longer(
    sim: SimulatorFactory,
    isolate: bool,  # noqa: FBT001  # a case of the test
) -> None:
    """A window asks before the last one; the same Runner spares it in all else."""
    device = sim("jacarta-pki", settings={"user.tries.max": 3, "user.tries": 1})
    with Runner(Config(audit=None), modules=[device.module], isolate=isolate) as runner:
        token = runner.find()
        with runner.last_try():
            assert runner.list(token, Secret(USER_PIN)).logged_in
        device.set("user.tries", "1")
        with pytest.raises(LastTry):
            runner.list(token, Secret(USER_PIN))
        with runner.last_try(), pytest.raises(PinIncorrect):
            runner.list(token, Secret("a wrong one"))
    assert device.tries() == 0


def test_the_administrators_last_try_is_risked_for_whoever_was_asked(sim: SimulatorFactory) -> None:
    device = sim("jacarta-pki", settings={"admin.key": bytes(24), "so.tries": 1})
    with Runner(Config(audit=None), modules=[device.module]) as runner:
        token = runner.find()
        with pytest.raises(LastTry):
            runner.begin_unblock(token, None)
        with runner.last_try(), runner.begin_unblock(token, None) as request:
            assert request.pending


def test_a_program_is_told_that_another_has_its_turn(sim: SimulatorFactory) -> None:
    device = sim("jacarta-pki")
    with Runner(ALIKE, modules=[device.module]) as runner:
        token = runner.find()
        with Tries(Care()).alone(token.serial, "user PIN"), pytest.raises(TokenBusy) as busy:
            runner.list(token, Secret(USER_PIN))
        assert "No try was spent" in busy.value.cost
        assert device.counts().get("C_Login", 0) == 0
        assert runner.list(token, Secret(USER_PIN)).logged_in


def test_a_lock_that_was_removed_while_it_was_waited_for_is_no_turn(tmp_path: Path) -> None:
    """Who comes after that locks a new file, and would have a turn beside it."""
    care = Care(locks=tmp_path)
    with ThreadPoolExecutor(1) as pool, ExitStack() as first:
        first.enter_context(Tries(care).alone("01", "user PIN"))
        waits = pool.submit(_has_turn, care)
        time.sleep(0.3)
        [file] = tmp_path.iterdir()
        file.unlink()
        with Tries(care).alone("01", "user PIN"):
            first.close()
            with pytest.raises(TimeoutError):
                waits.result(0.5)
        assert waits.result(10)


def _has_turn(care: Care) -> bool:
    with Tries(care).alone("01", "user PIN") as waited:
        return waited


def test_an_open_request_keeps_its_turn(sim: SimulatorFactory) -> None:
    """The administrator's tries are counted by the Response, which comes later; so whoever may
    void a Request is not let in to that token's PINs either.
    """
    device = sim("jacarta-pki", settings={"admin.key": bytes(24)})
    with (
        Runner(ALIKE, modules=[device.module]) as one,
        Runner(ALIKE, modules=[device.module], void_requests=True) as other,
    ):
        token = other.find()
        with one.begin_unblock(one.find(), None), pytest.raises(TokenBusy):
            other.list(token, Secret(USER_PIN))
        assert other.list(token, Secret(USER_PIN)).logged_in
        with one.begin_unblock(one.find(), None):  # and again, by the same host
            pass


def test_a_folder_that_holds_no_lock_is_told_before_a_try(
    sim: SimulatorFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no folder").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "no folder"))
    device = sim("jacarta-pki")
    with Runner(ALIKE, modules=[device.module]) as runner:
        token = runner.find()
        with pytest.raises(TriesUnguarded, match="--use-last-try"):
            runner.list(token, Secret(USER_PIN))
        assert not runner.list(token).logged_in
        assert device.counts().get("C_Login", 0) == 0
    with Runner(ALIKE, modules=[device.module], use_last_try=True) as runner:
        assert runner.list(token, Secret(USER_PIN)).logged_in
