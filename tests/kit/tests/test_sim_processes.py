"""Several processes and threads use one token at once, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from ctypes import byref, c_ulong

from lockwright.pkcs11.constants import CKR
from lockwright_testkit.raw import RawModule
from lockwright_testkit.sim import USER_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

Starter = Callable[[Simulator], RawModule]
Child = Callable[..., "subprocess.CompletedProcess[str]"]

LOGINS = """
import sys
from pathlib import Path
from lockwright_testkit.raw import started
with started(Path(sys.argv[1])) as module:
    session = module.open(0)
    for turn in range(int(sys.argv[2])):
        assert module.login(session, "wrong") == 0xA0
        if turn % 50 == 0:
            assert module.login(session, "so-pin-1234", 0) == 0
            assert module.call("C_Logout", session) == 0
"""
SO_LOGINS = """
import sys
from pathlib import Path
from lockwright_testkit.raw import started
with started(Path(sys.argv[1])) as module:
    session = module.open(0)
    while True:
        print(module.login(session, "so-pin-1234", 0), module.call("C_Logout", session), flush=True)
"""
STARTS = """
for _ in range(500):
    with started(path) as module:
        module.open(0)
"""
FORK = """
import os
with started(path) as module:
    session = module.open(0)
    module.login(session, "User-pin-1")
    child = os.fork()
    if not child:
        print(hex(module.login(session, "wrong")), hex(module.initialize()))
        print(hex(module.login(module.open(0), "wrong")), flush=True)
        os._exit(module.finalize())
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    print(hex(module.session_info(session).state), flush=True)
"""


def test_every_wrong_login_of_four_programs_is_counted(sim: SimulatorFactory) -> None:
    each, programs = 200, 4
    token = sim(settings={"user.tries.max": 100_000})
    command = [sys.executable, "-c", LOGINS, str(token.module), str(each)]
    running = [subprocess.Popen(command) for _ in range(programs)]
    assert [program.wait() for program in running] == [0] * programs
    assert token.tries() == 100_000 - each * programs
    assert token.counts()["C_Login"] == programs * (each + each // 50)


def test_a_program_that_starts_while_another_logs_in_finds_the_token(
    token: Simulator, child: Child
) -> None:
    command = [sys.executable, "-c", SO_LOGINS, str(token.module)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as busy:
        try:
            assert child(token, STARTS).returncode == 0
        finally:
            busy.kill()


def test_a_lock_that_one_program_caused_holds_for_the_other(
    token: Simulator, start: Starter, child: Child
) -> None:
    module = start(token)
    session = module.open(0)
    lines = (
        "with started(path) as module:\n"
        "    for _ in range(3):\n        module.login(module.open(0), 'wrong')"
    )
    assert child(token, lines).returncode == 0
    assert module.login(session, USER_PIN) == CKR.PIN_LOCKED


def test_a_child_of_fork_begins_anew_and_leaves_its_parent_alone(
    token: Simulator, child: Child
) -> None:
    done = child(token, FORK)
    assert done.stdout.split() == ["0x190", "0x0", "0xa0", "0", "0x3"]
    assert token.tries() == 2


def test_threads_share_the_module(sim: SimulatorFactory, start: Starter) -> None:
    token = sim(settings={"user.tries.max": 1000})
    module = start(token)
    answers: list[int] = []

    def work() -> None:
        session = module.open(0)
        room = (c_ulong * 2)()
        for _ in range(50):
            answers.append(module.call("C_GenerateRandom", session, room, 16))
            answers.append(module.login(session, "wrong"))
        answers.append(module.call("C_CloseSession", session))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert set(answers) == {CKR.OK, CKR.PIN_INCORRECT}
    assert token.tries() == 800


def test_a_token_pulled_out_while_threads_work_on_it_harms_nobody(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    answers: set[int] = set()
    stop = threading.Event()

    def work() -> None:
        room = (c_ulong * 2)()
        session = c_ulong()
        while not stop.is_set():
            rv = module.call("C_OpenSession", 0, 6, None, None, byref(session))
            rv = rv or module.call("C_GenerateRandom", session.value, room, 16)
            answers.add(rv)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for _ in range(20):
        token.unplug()
        token.plug()
    stop.set()
    for worker in workers:
        worker.join()
    gone = {CKR.DEVICE_REMOVED, CKR.TOKEN_NOT_PRESENT, CKR.SESSION_HANDLE_INVALID}
    assert answers <= {CKR.OK, CKR.DEVICE_ERROR, *gone}
    assert answers & {CKR.DEVICE_REMOVED, CKR.TOKEN_NOT_PRESENT}
    assert module.open_rv(0) == CKR.OK
