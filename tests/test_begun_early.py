"""The process of a module that is a copy of the program: when there is one, and what it holds."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from lockwright_testkit.filling import fill
from lockwright_testkit.program import Program
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.sim.simulator import Simulator
from lockwright_testkit.softhsm import USER_PIN, SoftHSM, module_path
from lockwright_testkit.waiting import runs, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is copied")

READ = "Onyx-Read-By-The-Program"
"""Stands in the configuration, where no module needs it."""
LONG = 20_000
"""Milliseconds of a call: the test looks at the process meanwhile, and ends it."""
WATCHING = """
import os, sys
def hear(event, _arguments):
    if event in {"os.fork", "os.posix_spawn", "subprocess.Popen"}:
        with open(os.environ["HEARD"], "a") as file:
            file.write(event + "\\n")
sys.addaudithook(hear)
"""
COPIED = """
import os
def tell():
    with open(os.environ["HEARD"], "a") as file:
        file.write(f"{os.getpid()}\\n")
os.register_at_fork(after_in_child=tell)
"""

INTERRUPTING = """
import signal, sys
def hear(event, arguments):
    if event == "import" and arguments[0] == "lockwright.cli.early":
        signal.raise_signal(signal.SIGINT)
sys.addaudithook(hear)
"""


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path, forks=False)


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    return sim("plain")


def processes(
    program: Program, *words: str | Path, watching: str = WATCHING, **more: str
) -> list[str]:
    """How the processes were made that a command has made; by ``COPIED`` the ids of copies."""
    (program.home / "sitecustomize.py").write_text(watching)
    heard = program.home / "heard"
    environment = {"PYTHONPATH": str(program.home), "HEARD": str(heard), **more}
    program.run(*words, environment=environment)
    return heard.read_text().split() if heard.exists() else []


def child_of(pid: int) -> int:
    """The only child of a process."""
    (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(child)


@contextmanager
def at_work(program: Program, device: Simulator, *words: str) -> Iterator[tuple[int, int]]:
    """The program, and the process of its module, which is in a call that takes long."""
    device.set("delay.C_GetTokenInfo", LONG)
    device.zero_counts()
    command: list[str | Path] = [program.path, *words, "--module", device.module]
    kept, given = os.pipe()
    with subprocess.Popen(command, env=program.environment, pass_fds=[kept, given]) as running:
        until(lambda: running.poll() is not None or device.counts().get("C_GetTokenInfo"))
        child = child_of(running.pid)
        try:
            yield running.pid, child
        finally:
            running.kill()
            until(lambda: not runs(child))
            for end in (kept, given):
                os.close(end)


def holds(pid: int, text: str) -> bool:
    """Whether a process has a text anywhere in what it may write to."""
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        place, rights, *_rest = line.split()
        if not rights.startswith("rw"):
            continue
        start, end = (int(each, 16) for each in place.split("-"))
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            memory.seek(start)
            if text.encode() in memory.read(end - start):
                return True
    return False


@pytest.mark.parametrize(
    "line",
    [
        "--version",
        "--help",
        "tokens --help",
        "tokens --bogus",
        "tokens x",
        "help tokens",
        "plugins",
    ],
)
def test_no_process_is_made_for(program: Program, line: str) -> None:
    assert processes(program, *line.split()) == []


def test_no_process_is_made_when_the_shell_completes_a_word(program: Program) -> None:
    words = {
        "_LOCKWRIGHT_COMPLETE": "bash_complete",
        "COMP_WORDS": "lockwright tok",
        "COMP_CWORD": "1",
    }
    assert processes(program, "tokens", **words) == []


def test_the_only_process_for_a_module_is_a_copy_of_the_program(
    program: Program, device: Simulator
) -> None:
    assert processes(program, "tokens", "--module", device.module) == ["os.fork"]


def test_each_module_that_is_named_has_a_copy_of_its_own(
    program: Program, sim: SimulatorFactory
) -> None:
    one, other = sim("plain").module, sim("plain", serial="0002").module
    made = processes(program, "tokens", "--module", one, "--module", other)
    assert made == ["os.fork", "os.fork"]


def test_a_copy_that_is_not_needed_is_gone_with_the_program(program: Program) -> None:
    absent = program.home / "absent.toml"
    (copy,) = processes(program, "tokens", "--config", absent, watching=COPIED)
    assert not runs(int(copy))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look at the memory of another")
def test_a_copy_holds_nothing_that_the_program_has_read(
    program: Program, device: Simulator
) -> None:
    config = program.home / "config.toml"
    config.write_text(f'[enrolment]\ncontact = "{READ}"\n')
    with at_work(program, device, "tokens", "--config", str(config)) as (parent, child):
        assert holds(parent, READ)
        assert not holds(child, READ)
        assert holds(child, str(device.module))


def test_a_copy_has_the_descriptors_of_one_that_was_started_anew(
    program: Program, device: Simulator
) -> None:
    with at_work(program, device, "tokens") as (parent, child):
        of_the_program, of_the_child = (
            {str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()}
            for pid in (parent, child)
        )
        pipes = {each for each in of_the_child if each.startswith("pipe:")}
        assert len(pipes) == len(("requests", "answers", "lifeline"))
        assert pipes == of_the_program & of_the_child - {os.devnull}
        assert os.getsid(child) == os.getpgid(child) == child


def test_a_copy_ends_when_the_program_is_killed(program: Program, device: Simulator) -> None:
    with at_work(program, device, "tokens") as (parent, child):
        os.kill(parent, 9)
        until(lambda: not runs(child))


def test_a_module_that_crashes_in_a_copy_is_told_by_its_signal(
    program: Program, faulty: Path, faults: Callable[[str], None]
) -> None:
    faults("C_GetSlotList@1=crash")
    ended = program.run("tokens", "--json", "--module", faulty)
    (problem,) = ended.document["problems"]
    assert problem["error"]["code"] == "module-crashed"
    assert "SIG" in problem["error"]["message"]


def test_a_copy_serves_where_no_processes_can_be_looked_at(
    program: Program, device: Simulator
) -> None:
    apart = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")
    hidden = [*apart, 'mount -t tmpfs none /proc && exec "$@"', "sh"]
    if subprocess.run([*hidden, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody hide /proc")
    alone = "import sys, subprocess; del subprocess.Popen; from lockwright.cli.start import main; "
    words = ("tokens", "--module", str(device.module))
    run = [sys.executable, "-c", f"{alone} sys.exit(main())", *words]
    done = subprocess.run([*hidden, *run], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_descriptor_is_lost_where_there_are_too_few_for_a_copy() -> None:
    code = """
import os, resource
from lockwright.host.forked import Forked
before, (_, most) = os.listdir("/proc/self/fd"), resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (max(map(int, before)) + 4, most))
try:
    Forked(print, heard=False)
except OSError:
    assert os.listdir("/proc/self/fd") == before
    print("there were too few")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("there were too few\n", "")


def test_ctrl_c_while_the_program_is_loaded_ends_it_without_a_word(program: Program) -> None:
    (program.home / "sitecustomize.py").write_text(INTERRUPTING)
    ended = program.run("tokens", environment={"PYTHONPATH": str(program.home)})
    assert (ended.code, ended.out, ended.err) == (130, "", "")


def test_a_listing_has_one_order_each_time_it_is_made(tmp_path: Path, softhsm: SoftHSM) -> None:
    """SoftHSM's follows addresses, which differ from copy to copy if nothing is done about it."""
    program = Program(tmp_path)
    softhsm.add_token("Anna")
    fill(module_path(), 5)
    words = ("list", "--pin-file", program.secret("pin", USER_PIN), "--json")
    listed = [program.run(*words).document["containers"] for _ in range(6)]
    assert len(listed[0]) == 5
    assert all(each == listed[0] for each in listed)
