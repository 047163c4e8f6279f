"""A module that has taken its process over harms nobody but itself, and is told as what it is."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hostile import ANSWER, Bench, frame
from lockwright.errors import NOTHING, UNCHANGED, ModuleBroken, ModuleCrashed
from lockwright.host import wire
from lockwright.models import PinState
from lockwright.secret import Secret
from lockwright_testkit.program import Program
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.softhsm import SoftHSM
from lockwright_testkit.waiting import until

# --- what is sent ---------------------------------------------------------------------------------

PINS = b"clockwright.models.token\nPinState\n"
OLD = {
    "an attribute": PINS + b"N}Vtouched\nI01\ns\x86b.",
    "every state is ok": (
        PINS
        + b"N}V_value2member_map_\n}Vlocked\n"
        + PINS
        + b"(Vok\ntRsVok\n"
        + PINS
        + b"(Vok\ntRss\x86b."
    ),
    "every path is equal": (
        b"cpathlib\nPosixPath\nN}V__eq__\nclockwright.policy\nPinPolicy\ns\x86b."
    ),
    "a million tuples": b")" + b"\x85" * 1_000_000 + b".",
    "a key that takes long to hash": b"})" + b"2\x86" * 26 + b"I1\ns.",
    "a memo of 256 MiB": b"Nr" + (2**24).to_bytes(4, "little") + b".",
}
"""Pickles, as they were taken once: the first three set attributes of classes of the caller's."""


@pytest.mark.parametrize("body", OLD.values(), ids=OLD)
@pytest.mark.parametrize("framed", ["as now", "as then"])
def test_a_pickle_is_no_answer_and_harms_nobody(bench: Bench, body: bytes, framed: str) -> None:
    then = len(body).to_bytes(4) + bytes(4) + body
    bench.plan("open", frame(wire.Kind.ANSWERED, body) if framed == "as now" else then)
    with bench.runner() as runner:
        error = bench.problem(runner.detect())
    assert isinstance(error, ModuleBroken)
    assert not hasattr(PinState, "touched")
    assert PinState("locked") is PinState.LOCKED
    assert Path("/one.so") != Path("/another.so")


@pytest.mark.parametrize(
    "sent",
    [
        frame(wire.Kind.ANSWERED, number=bytes(8)),
        frame(wire.Kind.CALL),
        frame(99),
        wire._HEAD.pack(wire.Kind.ANSWERED, 0, 2**32 - 1, 255),
    ],
)
def test_what_is_no_answer_ends_the_module_alone(bench: Bench, sent: bytes) -> None:
    bench.plan("open", sent)
    with bench.runner() as runner:
        error = bench.problem(runner.detect())
    assert isinstance(error, ModuleBroken)
    assert error.facts["module"] == str(bench.device.module)
    assert error.cost == NOTHING


def test_a_second_answer_ends_the_child_and_is_taken_for_no_other(bench: Bench) -> None:
    bench.plan("open", ANSWER, ANSWER, ANSWER)
    with bench.runner() as runner:
        first = runner.detect()
        assert first.problems == ()
        error = bench.problem(runner.detect())
    assert isinstance(error, ModuleBroken)


def test_an_answer_that_lies_ready_is_not_taken(bench: Bench) -> None:
    """The frame that a call would get is there before the call, without its number."""
    ready = frame(wire.Kind.ANSWERED, bytes(4), number=bytes(7) + b"\1")
    bench.plan("list", ready)
    with bench.runner() as runner, pytest.raises(ModuleBroken):
        runner.list(bench.mine(runner))


def test_frames_that_nobody_asked_for_are_not_kept(bench: Bench) -> None:
    """More than any pipe holds: they are neither read nor waited for."""
    bench.plan("open", ANSWER, *[ANSWER * 5000] * 20)
    with bench.runner() as runner:
        assert runner.detect().problems == ()
        host = runner._hosts._hosts["attacker", bench.device.module]
        until(lambda: not host.alive)
        began = time.monotonic()
        assert isinstance(bench.problem(runner.detect()), ModuleBroken)
        assert time.monotonic() - began < bench.config.deadlines.inspect


def test_a_module_speaks_of_itself_alone(bench: Bench, softhsm: SoftHSM) -> None:
    bench.sets(elsewhere=str(softhsm.module))
    with bench.runner() as runner:
        error = bench.problem(runner.detect())
    assert isinstance(error, ModuleBroken)
    assert f"it speaks of the module {softhsm.module}" in str(error)
    assert error.cost == NOTHING


def test_a_child_cannot_say_what_the_caller_alone_knows(bench: Bench) -> None:
    """That another module's token waits for a Response, so that nobody may use it."""
    bench.sets(waiting=bench.honest.serial)
    with bench.runner() as runner:
        assert runner.find(bench.honest.serial).serial == bench.honest.serial
        error = bench.problem(runner.detect())
    assert error.code == "adapter-broken"


def test_an_argument_of_another_type_reaches_no_module(bench: Bench) -> None:
    with bench.runner() as runner:
        token = runner.find(bench.honest.serial)
        with pytest.raises(TypeError, match="may not pass"):
            runner._hosts.call("lockwright_list", token, pin=USER_PIN, sought=None)
        state = runner.find(bench.honest.serial).state.user_pin
    assert state is not None
    assert state.state is PinState.OK


# --- how it ends ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("does", "told"),
    [
        ("die by a real-time signal", "SIGRTMIN+3"),
        ("end silently", "exit status 0"),
        ("fork and crash", "SIGSEGV"),
        ("stop answering", "it stopped answering"),
    ],
)
def test_an_end_of_any_kind_is_told_of_the_module_alone(bench: Bench, does: str, told: str) -> None:
    bench.plan("open", does=does)
    with bench.runner() as runner:
        error = bench.problem(runner.detect())
    assert isinstance(error, ModuleCrashed)
    assert error.facts["signal"] == told
    assert error.cost == NOTHING, "it was asked for nothing but to be read"


@pytest.mark.parametrize("does", ["die by a real-time signal", "end silently"])
def test_a_look_that_failed_in_part_shows_the_rest_and_names_the_module(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str
) -> None:
    bench.plan("open", does=does)
    monkeypatch.setenv("PYTHONPATH", bench.install(tmp_path / "site"))
    ended = Program(tmp_path).run("tokens", "--config", bench.configuration(tmp_path), "--json")
    assert ended.code == 0, ended
    [token] = ended.document["tokens"]
    assert token["serial"] == bench.honest.serial
    [problem] = ended.document["problems"]
    assert problem["subject"] == str(bench.device.module)
    assert (problem["error"]["code"], problem["error"]["cost"]) == ("module-crashed", NOTHING)


@pytest.mark.parametrize(
    ("pin", "cost"), [(None, NOTHING), (Secret(USER_PIN), UNCHANGED)], ids=["without", "with"]
)
def test_what_a_crash_while_reading_cost_is_told(
    bench: Bench, pin: Secret | None, cost: str
) -> None:
    bench.plan("list", does="end silently")
    with bench.runner() as runner, pytest.raises(ModuleCrashed) as crashed:
        runner.list(bench.mine(runner), pin)
    assert crashed.value.cost == cost
