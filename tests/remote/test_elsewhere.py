"""A Request that waits in one program is left alone by every other of the account."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from client import of
from kinds import ETOKEN, JACARTA_PKI
from locked_token import Locked
from lockwright import Config, Runner, Secret
from lockwright.errors import RequestVoid, TokenBusy, TokenWaits
from lockwright.host import elsewhere
from lockwright.models.deadlines import Deadlines
from lockwright_testkit.program import Program

CANCELLED = 130
REMOTE = 15


@dataclass(frozen=True)
class Holder:
    """A program with a Request that waits."""

    process: subprocess.Popen[str]
    request: bytes

    def answered(self, response: Secret) -> list[str]:
        """Give it the Response; the events that it told."""
        out, _ = self.process.communicate(response.reveal_text() + "\n", timeout=60)
        return [json.loads(line)["event"] for line in out.splitlines()]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path / "client")
    made.home.mkdir()
    made.secret("new.pin", "Kettle-Moss-42")
    return made


@pytest.fixture
def isolated() -> bool:
    return False


@pytest.fixture
def holder(program: Program, locked: Locked) -> Iterator[Holder]:
    locked.runner.close()  # nothing but the programs asks the token
    words = ("unblock", "--module", str(locked.device.module), "--remote", "--json")
    with subprocess.Popen(
        [program.path, *words, "--new-pin-file=new.pin"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=program.environment,
        cwd=program.home,
    ) as process:
        assert process.stdout is not None
        event = json.loads(process.stdout.readline())
        locked.device.zero_counts()
        yield Holder(process, bytes.fromhex("".join(event["request"].split())))
        process.kill()


def asked(locked: Locked) -> dict[str, int]:
    return {name: n for name, n in locked.device.counts().items() if n}


@of(JACARTA_PKI, ETOKEN)
def test_other_programs_name_a_token_that_waits_and_ask_its_module_nothing(
    holder: Holder, program: Program, locked: Locked
) -> None:
    module = ("--module", str(locked.device.module))
    serial, pid = locked.token.serial, holder.process.pid

    seen = program.run("tokens", *module, "--json")
    (waits,) = seen.document["waiting"]
    assert (seen.code, seen.document["tokens"]) == (0, [])
    assert (waits["serial"], waits["pid"], waits["program"]) == (serial, pid, "lockwright")
    assert f"process {pid}, since " in program.run("tokens", *module).out

    program.secret("user.pin", "12345678")
    for words in (
        ("list",),
        ("list", "--token", serial),
        ("unblock", "--remote", "--new-pin-file=new.pin"),
        ("pin", "change", "--pin-file=user.pin", "--new-pin-file=new.pin"),
        ("wipe", "--yes", "--token", serial, "--pin-file=user.pin"),
    ):
        refused = program.run(*words, *module)
        assert refused.code == REMOTE, refused
        assert f"process {pid}" in refused.err, words
        assert "No try was spent and nothing on the token was changed." in refused.err
        assert "--void-request" in refused.err

    for looks in (("doctor",), ("storages",), ("renew", "due"), ("plugins",)):
        program.run(*looks, *module)
    assert not asked(locked)
    assert holder.answered(locked.answer(holder.request)) == ["unblocked"]
    assert program.run("tokens", *module, "--json").document["waiting"] == []


def test_a_request_of_a_program_that_was_killed_holds_nobody_up(
    holder: Holder, program: Program, locked: Locked
) -> None:
    holder.process.send_signal(signal.SIGKILL)
    holder.process.wait()

    seen = program.run("tokens", "--module", str(locked.device.module), "--json").document
    assert [each["serial"] for each in seen["tokens"]] == [locked.token.serial]
    assert seen["waiting"] == []


def test_whoever_wants_to_can_go_on_and_void_it(
    holder: Holder, program: Program, locked: Locked
) -> None:
    done = program.run("list", "--module", str(locked.device.module), "--void-request")

    assert done.code == 0, done.err
    assert asked(locked)
    assert holder.answered(locked.answer(holder.request)) == ["failed"]


def runner(locked: Locked, *, call: float = 60, void_requests: bool = False) -> Runner:
    config = Config(audit=None, deadlines=Deadlines(call=call))
    modules = [locked.device.module]
    return Runner(config, modules=modules, isolate=False, void_requests=void_requests)


def test_a_program_with_its_own_runner_is_told_as_a_command_is(locked: Locked) -> None:
    with locked.begin() as pending, runner(locked) as other, other.arrivals() as arrivals:
        with pytest.raises(TokenWaits) as refused:
            other.find()
        assert refused.value.facts["serial"] == locked.token.serial
        assert [each.token.strings for each in other.detect().waits] == [
            locked.token.identity.strings
        ]
        assert not arrivals.look(), "its module is not loaded to be looked at"
        pending.complete(locked.answer(pending.request.data))
        freed = arrivals.look()
        assert freed.moved == (locked.device.module,)
        assert other.find().serial == locked.token.serial


def test_a_program_that_found_the_token_before_leaves_it_alone_from_the_request_on(
    locked: Locked,
) -> None:
    with runner(locked) as other:
        found = other.find()
        with locked.begin() as pending:
            for touch in (other.state, other.list, lambda token: other.begin_unblock(token, None)):
                with pytest.raises(TokenWaits):
                    touch(found)
            pending.complete(locked.answer(pending.request.data))
        assert other.state(found).user_pin is not None


def test_a_runner_may_void_requests_and_then_does(locked: Locked) -> None:
    with locked.begin() as pending, runner(locked, void_requests=True) as other:
        other.list(other.find())
        with pytest.raises(RequestVoid):
            pending.complete(locked.answer(pending.request.data))


def test_no_request_is_made_while_another_program_asks_the_module(locked: Locked) -> None:
    folder = Path(os.environ["XDG_STATE_HOME"]) / "lockwright" / "modules"
    door = elsewhere.Door(folder, locked.device.module, void_requests=False)
    with runner(locked, call=0.5) as mine:
        found = mine.find()
        door.enter()  # as another program that makes a key there
        try:
            with pytest.raises(TokenBusy):
                mine.begin_unblock(found, locked.kind.new_pin())
        finally:
            door.leave()
        with mine.begin_unblock(found, locked.kind.new_pin()):
            pass


Harm = Callable[[Path, Path], None]


def a_link_leads_away(lock: Path, aim: Path) -> None:
    lock.unlink()
    lock.symlink_to(aim)


def a_dead_program_left_its_record(lock: Path, aim: Path) -> None:
    lock.write_bytes(aim.read_bytes())


def it_is_not_what_is_written_there(lock: Path, aim: Path) -> None:
    assert aim.exists()
    lock.write_bytes(b'{"strings": [1, 2], "pid": "x"}\n')


@pytest.mark.parametrize(
    "harm",
    [a_link_leads_away, a_dead_program_left_its_record, it_is_not_what_is_written_there],
    ids=lambda harm: harm.__name__,
)
def test_what_lies_in_a_locks_place_stops_nobody_and_is_not_written_through(
    locked: Locked, tmp_path: Path, harm: Harm
) -> None:
    folder = Path(os.environ["XDG_STATE_HOME"]) / "lockwright" / "modules"
    before = set(folder.glob("*.lock"))
    aim = tmp_path / "aim"
    with locked.begin():
        (lock,) = [each for each in folder.glob("*.lock") if each.read_bytes()]
        aim.write_bytes(lock.read_bytes())
        assert lock.stat().st_mode & 0o077 == 0
        assert b"Kettle" not in lock.read_bytes()
    told = aim.read_bytes()
    assert not lock.read_bytes()
    assert before <= set(folder.glob("*.lock"))

    harm(lock, aim)
    try:
        with runner(locked) as other:
            assert other.find().serial == locked.token.serial
        locked.unblocks()
        assert aim.read_bytes() == told
    finally:
        lock.unlink()
