"""A module that crashes or hangs harms only the call it was in, and leaves nothing behind."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hurry import hurry
from lockwright.config import Config
from lockwright.errors import NOTHING, UNCHANGED, ModuleCrashed, ModuleError, ModuleHung
from lockwright.host.listener import Listener
from lockwright.host.process import ChildProcess
from lockwright.host.protocol import AdapterRef, Start
from lockwright.host.shapes import pack
from lockwright.models import KeyRequest
from lockwright.models.deadlines import Deadlines
from lockwright.runner import Runner
from lockwright.secret import Secret
from lockwright_testkit.softhsm import USER_PIN, AddedToken, SoftHSM
from lockwright_testkit.waiting import runs, until

Faults = Callable[[str], None]

PATIENCE = 60
"""Seconds in which even a busy machine does anything that is not to hang."""
HOST = b"lockwright.host.child"
CALLER = """
import signal, sys
from pathlib import Path
from lockwright import Config, Runner
from lockwright.models import KeyRequest
from lockwright.models.deadlines import Deadlines
signal.signal(signal.SIGINT, signal.default_int_handler)  # tests in the background ignore it
config = Config(audit=None, deadlines=Deadlines(inspect=600))
with Runner(config, modules=[Path(sys.argv[1])]) as runner:
    print("looking", flush=True)
    runner.detect()
"""


@pytest.fixture
def runner(faulty: Path, softhsm: SoftHSM) -> Iterator[Runner]:
    """Looks at a module that may fail and at SoftHSM itself."""
    config = Config(
        audit=None,
        adapters={"softhsm": {"modules": [str(faulty), str(softhsm.module)]}},
        deadlines=Deadlines(inspect=PATIENCE, call=PATIENCE),
    )
    with Runner(config) as made:
        yield made


@pytest.fixture
def added(softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token()


def test_the_other_tokens_are_listed_when_a_module_crashes(
    runner: Runner, added: AddedToken, faulty: Path, faults: Faults
) -> None:
    faults("C_GetSlotList@1=crash")

    seen = runner.detect()

    assert [(t.serial, t.adapter) for t in seen.tokens] == [(added.serial, "softhsm")]
    [problem] = seen.problems
    assert isinstance(problem.error, ModuleCrashed)
    assert problem.error.facts["signal"] == "SIGSEGV"
    assert problem.error.cost == NOTHING, "it was only read"
    assert problem.subject == str(faulty)


def test_the_other_tokens_are_listed_within_the_deadline_when_a_module_hangs(
    runner: Runner, added: AddedToken, faults: Faults, tmp_path: Path
) -> None:
    plan = tmp_path / "plan"
    plan.write_text("")
    faults(str(plan))
    assert runner.detect().problems == ()
    plan.write_text("C_GetTokenInfo@1=hang")
    hurry(runner, inspect=3)

    seen = runner.detect()

    assert [t.serial for t in seen.tokens] == [added.serial]
    [problem] = seen.problems
    assert isinstance(problem.error, ModuleHung)
    assert problem.error.facts["seconds"] == "3"
    assert problem.error.cost == NOTHING, "it was only read"


@pytest.mark.parametrize(
    ("fault", "error", "seconds"),
    [("C_Login@1=crash", ModuleCrashed, PATIENCE), ("C_Login@1=hang", ModuleHung, 1)],
)
def test_the_next_call_works_after_a_module_failed(
    runner: Runner,
    added: AddedToken,
    faults: Faults,
    fault: str,
    error: type[Exception],
    seconds: float,
) -> None:
    faults(fault)
    token = runner.find()
    hurry(runner, call=seconds)

    with pytest.raises(error, match="list the objects"):
        runner.list(token, Secret(USER_PIN))

    faults("")
    hurry(runner, call=PATIENCE)
    assert runner.list(token, Secret(USER_PIN)).containers == ()


@pytest.mark.parametrize(
    ("binding", "function"),
    [
        ("python-pkcs11", "C_GetAttributeValue"),
        ("pykcs11", "C_GetAttributeValue"),
        ("pykcs11", "C_FindObjects"),
    ],
)
def test_a_module_that_tells_lengths_that_no_memory_has_is_what_failed(
    faulty: Path, added: AddedToken, faults: Faults, tmp_path: Path, binding: str, function: str
) -> None:
    plan = tmp_path / "plan"
    plan.write_text("")
    faults(str(plan))
    config = Config(
        audit=None, adapters={"softhsm": {"modules": [str(faulty)], "binding": binding}}
    )
    with Runner(config) as runner:
        token, pin = runner.find(), Secret(USER_PIN)
        runner._hosts.call(
            "lockwright_generate", token, pin=pin, request=KeyRequest("ec:p256", b"1", "k")
        )
        plan.write_text(f"{function}@*=lie")
        with pytest.raises(ModuleError) as failed:
            runner.list(token, pin)
    assert failed.value.facts["module"] == str(faulty)
    assert failed.value.cost == UNCHANGED


@pytest.mark.parametrize("fault", ["", "C_GetSlotList@1=hang", "C_GetSlotList@1=crash"])
def test_no_child_is_left_when_a_runner_is_closed(
    faulty: Path, added: AddedToken, faults: Faults, fault: str
) -> None:
    faults(fault)
    config = Config(audit=None, deadlines=Deadlines(inspect=0.5))

    with Runner(config, modules=[faulty]) as runner:
        runner.detect()

    assert children(os.getpid()) == set()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_a_hanging_child_does_not_outlive_its_parent(
    faulty: Path, added: AddedToken, faults: Faults, how: signal.Signals
) -> None:
    faults("C_GetSlotList@1=hang")
    parent = subprocess.Popen(
        [sys.executable, "-c", CALLER, str(faulty)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    parent.stdout.readline()
    left = {until(lambda: min(children(parent.pid), default=0))}
    until(lambda: str(faulty) in maps(min(left)))  # it is in the module now

    parent.send_signal(how)
    parent.wait(PATIENCE)

    until(lambda: not any(map(runs, left)))
    parent.stdout.close()


def test_a_pipe_is_closed_by_none_but_its_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or a reader that is about to read would read from the next child's pipe of that number."""
    pipes: list[io.FileIO] = []
    monkeypatch.setattr(Listener, "_listen", lambda _self, answers: pipes.append(answers))
    host = AdapterRef("softhsm", "lockwright_softhsm:adapter")
    start = Start(host, None, {}, tuple(map(Path, sys.path)), "en")
    child = ChildProcess(pack(Start, start), host.name, verbose=False)

    child.kill()

    pipe = until(lambda: min(pipes, default=None, key=id))
    assert not pipe.closed
    pipe.close()


def test_a_child_leaves_no_core_and_shows_its_memory_to_no_one(
    runner: Runner, added: AddedToken
) -> None:
    runner.detect()

    hosts = children(os.getpid())
    assert hosts
    for pid in hosts:
        limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
        [core] = [line.split() for line in limits if line.startswith("Max core file size")]
        assert core[4:6] == ["0", "0"]
        assert Path(f"/proc/{pid}/mem").stat().st_uid == 0, "undumpable processes belong to root"


def children(parent: int) -> set[int]:
    """Hosts whose parent is this process and that still run; tests also start other programs."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z" and HOST in command:
            found.add(int(folder.name))
    return found


def maps(pid: int) -> str:
    """The files a process has in memory."""
    return Path(f"/proc/{pid}/maps").read_text()
