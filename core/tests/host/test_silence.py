"""A module that works has the time it takes; one that is silent, or pretends to work, has not."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hostile import Bench, frame
from hurry import hurry
from lockwright import Config, Runner
from lockwright.errors import DeletionStopped, Interrupted, ModuleBroken, ModuleHung
from lockwright.host import signs, wire
from lockwright.host.codec import Packed, WireError
from lockwright.host.parent import ChildHost
from lockwright.models import Doing, Plan, Progress, Token, Watch
from lockwright.secret import Secret
from lockwright_testkit.bank import SOFTHSM
from lockwright_testkit.filling import PARTS, fill
from lockwright_testkit.sim import USER_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

SILENCE = 1.5
"""Seconds that a module may be silent."""
SLOW = 250
"""Milliseconds of a call that is slow: longer than the pause between two signs of life."""
CONTAINERS = 3
WORK = Progress(Doing.CALLING, 0, 0)


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    """A token with nine objects."""
    made = sim(settings=SOFTHSM)
    fill(made.module, CONTAINERS)
    return made


@pytest.fixture
def pin() -> Secret:
    return Secret(USER_PIN)


@contextmanager
def impatient(device: Simulator, pin: Secret, **seconds: float) -> Iterator[tuple[Runner, Plan]]:
    """A runner whose children are up and whose deadlines are short then, and a wipe."""
    with Runner(Config(audit=None), modules=[device.module]) as runner:
        plan = runner.plan_wipe(runner.find(), pin)
        hurry(runner, **seconds)
        yield runner, plan


def test_a_wipe_that_takes_longer_than_any_silence_may_ends_whole(
    device: Simulator, pin: Secret
) -> None:
    told: list[Progress] = []
    with impatient(device, pin, call=SILENCE, remove=0) as (runner, plan):
        device.set("delay.C_DestroyObject", SLOW)
        with runner.watching(Watch(told.append)):
            report = runner.apply(runner.find(), pin, plan)
    objects = CONTAINERS * PARTS
    assert objects * SLOW / 1000 > SILENCE
    assert len(report.gone) == objects
    gone = [each.done for each in told if each.doing is Doing.REMOVING]
    assert gone == sorted(gone)
    assert {each.total for each in told if each.doing is Doing.REMOVING} == {objects}
    assert max(gone) == objects


def test_a_module_that_hangs_in_one_call_is_ended_and_what_it_had_deleted_is_told(
    device: Simulator, pin: Secret
) -> None:
    with impatient(device, pin, call=SILENCE) as (runner, plan):
        token = runner.find()
        device.set("delay.C_DestroyObject", SLOW)
        device.fault("C_DestroyObject@3=hang")
        with pytest.raises(ModuleHung) as hung:
            runner.apply(token, pin, plan)
    assert hung.value.facts["seconds"] == f"{SILENCE:g}"
    assert "Of 9 objects that were to be deleted, at least 2 are gone." in hung.value.cost


def test_a_module_that_never_comes_to_an_end_is_ended(device: Simulator, pin: Secret) -> None:
    with impatient(device, pin, call=SILENCE, whole=SILENCE) as (runner, _plan):
        token = runner.find()
        device.set("delay.C_GetAttributeValue", SLOW)
        with pytest.raises(ModuleHung):
            runner.list(token, pin)


@pytest.mark.parametrize("isolate", [True, False], ids=["child", "in process"])
def test_a_deletion_that_is_stopped_ends_between_two_objects_and_tells_which_are_gone(
    device: Simulator, pin: Secret, *, isolate: bool
) -> None:
    device.set("delay.C_DestroyObject", SLOW)
    watch = Watch(lambda progress: stop_after(2, watch, progress))
    with Runner(Config(audit=None), modules=[device.module], isolate=isolate) as runner:
        token = runner.find()
        plan = runner.plan_wipe(token, pin)
        assert not watch.stop(), "nothing is deleted yet"
        with pytest.raises(DeletionStopped) as stopped, runner.watching(watch):
            runner.apply(token, pin, plan)
        facts = stopped.value.facts
        left = runner.list(token, pin).all_objects
    assert isinstance(facts["gone"], tuple)
    assert isinstance(facts["left"], tuple)
    assert 2 <= len(facts["gone"]) < len(plan.targets)
    assert len(facts["gone"]) + len(facts["left"]) == len(plan.targets)
    assert len(left) == len(facts["left"])
    assert stopped.value.exit_code == 130


def test_ctrl_c_while_it_is_seen_what_is_left_tells_what_the_module_said_is_gone(
    device: Simulator, pin: Secret
) -> None:
    told: list[Doing] = []

    def tell(progress: Progress) -> None:
        if progress.doing is Doing.READING and Doing.REMOVING in told:
            raise KeyboardInterrupt
        told.append(progress.doing)

    with Runner(Config(audit=None), modules=[device.module]) as runner:
        token = runner.find()
        plan = runner.plan_wipe(token, pin)
        with pytest.raises(Interrupted) as interrupted, runner.watching(Watch(tell)):
            runner.apply(token, pin, plan)
    assert "Of 9 objects that were to be deleted, at least 9 are gone." in interrupted.value.cost


def test_a_stop_that_comes_too_late_changes_nothing(device: Simulator, pin: Secret) -> None:
    with Runner(Config(audit=None), modules=[device.module]) as runner:
        token = runner.find()
        plan = runner.plan_delete(token, pin, ["c0"])
        late = wire.Frame(wire.Kind.STOP, 1, Packed(b""))
        [turn] = runner._hosts._hosts.values()
        host = turn._host
        assert isinstance(host, ChildHost)
        assert host._child is not None
        host._child._send(late, time.monotonic() + SILENCE)
        assert len(runner.apply(token, pin, plan).gone) == PARTS
        assert len(runner.list(token, pin).containers) == CONTAINERS - 1


def stop_after(number: int, watch: Watch, progress: Progress) -> None:
    if progress.doing is Doing.REMOVING and progress.done >= number:
        assert watch.stop()


# --- a child that is not honest -------------------------------------------------------------------


def sign(happened: int, progress: Progress = WORK, number: bytes | None = None) -> bytes:
    body = bytes(signs.packed(happened, progress).body)
    return frame(wire.Kind.SIGN, body) if number is None else frame(wire.Kind.SIGN, body, number)


MANY = 10_000
"""More than any honest child has to tell in the time that a test takes."""


@pytest.mark.parametrize(
    "sent",
    [
        [sign(MANY), sign(MANY)],
        [sign(MANY + each) for each in range(MANY)],
        [sign(MANY, Progress(Doing.REMOVING, 3, 2))],
        [frame(wire.Kind.SIGN, bytes(wire.SIGN - 1))],
        [sign(MANY, number=bytes(8))],
    ],
    ids=["the same", "a flood", "3 of 2", "short", "not asked for"],
)
def test_signs_of_life_that_cannot_be_end_the_child(bench: Bench, sent: list[bytes]) -> None:
    bench.plan("list", b"".join(sent))
    with bench.runner() as runner:
        token: Token = bench.mine(runner)
        with pytest.raises(ModuleBroken):
            runner.list(token)
        assert runner.find(bench.honest.serial).serial == bench.honest.serial


@pytest.mark.parametrize(
    "body", [bytes(wire.SIGN), bytes([*[0] * 7, 1, 9, *[0] * 8])], ids=["nothing", "unknown"]
)
def test_a_sign_of_nothing_that_is_done_is_none(body: bytes) -> None:
    with pytest.raises(WireError):
        signs.Life().hears(body)


def test_a_sign_that_is_longer_than_any_is_refused_before_memory_is_taken() -> None:
    endless = wire._HEAD.pack(wire.Kind.SIGN, 1, wire.SIGN + 1, 0)
    with pytest.raises(WireError):
        wire.receive(io.BytesIO(endless), lambda _kind, _number: True)
