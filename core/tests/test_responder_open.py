"""A Responder that stays open, for many operators: exactly once, side by side, and to its end."""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from lockwright import Config, Responder, Secret
from lockwright.audit import verify
from lockwright.errors import (
    LockwrightError,
    ModuleCrashed,
    ModuleHung,
    NotSupported,
    RequestAnswered,
    TooManyAnswers,
)
from lockwright.host import kept_open
from lockwright.keys.response import KeyInHand
from lockwright.keys.source import GivenKey, given_key
from lockwright.ledger import Limits
from lockwright.models import Grounds, Inquiry, KeyForm
from lockwright.models.deadlines import Deadlines
from lockwright.operations.responding.hosts import StayingOpen
from lockwright.registry import Registry
from lockwright_testkit import odd_responder as odd
from lockwright_testkit.waiting import children_of, runs, until

OPERATORS, FEWER = 20, 10
GROUNDS = Grounds("anna", ticket="4711")
KEY = "7A1F0B52C8D3E94610FE2D3C4B5A69788796A5B4C3D2E1F0"
POINT = EntryPoint(odd.NAME, odd.__name__, "lockwright")
NO_LIMITS = Limits(None, None, None)

Made = Callable[..., Responder]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Makes Responders that share a ledger and a trail."""

    def make(
        limits: Limits = NO_LIMITS, *, isolate: bool = True, points: Any = (), at_once: int = 1
    ) -> Responder:
        config = Config(
            audit=tmp_path / "bank" / "audit.jsonl",
            ledger=tmp_path / "bank" / "answered.db",
            limits=limits,
            adapters={odd.NAME: {"folder": str(tmp_path)}},
        )
        registry = Registry(found=[POINT, *points])
        return Responder(config, isolate=isolate, at_once=at_once, registry=registry)

    return make


@pytest.fixture
def operators() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(OPERATORS) as pool:
        yield pool


def key(digits: str = KEY) -> GivenKey:
    return given_key(Secret(digits), KeyForm.HEX)


def inquiry(number: int, model: str = odd.PLAIN, serial: str = "S1") -> Inquiry:
    return Inquiry(odd.NAME, model, serial, number.to_bytes(8))


def outcomes(responder: Responder) -> list[str]:
    """How each answer in the trail ended, once the chain is found whole."""
    assert responder.config.audit is not None
    assert verify(responder.config.audit).unfinished == ()
    lines = map(json.loads, responder.config.audit.read_bytes().splitlines())
    return [line.get("error") or "ok" for line in lines if line["event"] == "outcome"]


def appears(file: Path) -> str:
    until(file.exists)
    return file.read_text()


# --- side by side ---------------------------------------------------------------------------------


@pytest.mark.parametrize("isolate", [True, False])
def test_each_of_many_operators_is_given_their_own_answer(
    made: Made, operators: ThreadPoolExecutor, *, isolate: bool
) -> None:
    before = children_of()
    with made(isolate=isolate, at_once=4) as responder:
        given = list(
            operators.map(
                lambda n: responder.respond(inquiry(n), key(), GROUNDS).reveal(), range(OPERATORS)
            )
        )
        assert len(children_of() - before) <= 2 * (os.cpu_count() or 1)  # each with its copy

    in_hand = KeyInHand(key().value)
    assert given == [in_hand.des3_ecb(n.to_bytes(8)) for n in range(OPERATORS)]
    assert children_of() <= before
    assert outcomes(responder) == ["ok"] * OPERATORS


@pytest.mark.parametrize("isolate", [True, False])
def test_one_of_many_who_answer_the_same_request_is_given_the_response(
    made: Made, operators: ThreadPoolExecutor, *, isolate: bool
) -> None:
    def answered(responder: Responder) -> bool:
        try:
            responder.respond(inquiry(1), key(), GROUNDS)
        except RequestAnswered:
            return False
        return True

    with made(isolate=isolate) as one, made(isolate=isolate) as other:
        told = list(operators.map(answered, [one, other] * (FEWER // 2)))

    assert told.count(True) == 1
    assert sorted(outcomes(one)) == ["ok"] + ["request-answered"] * (FEWER - 1)


def test_a_limit_is_exact_for_many_at_once(made: Made, operators: ThreadPoolExecutor) -> None:
    def answered(number: int) -> bool:
        try:
            responder.respond(inquiry(number, serial=f"S{number % 2}"), key(), GROUNDS)
        except TooManyAnswers:
            return False
        return True

    with made(Limits(per_serial=3, per_key=5), isolate=False, at_once=4) as responder:
        told = list(operators.map(answered, range(FEWER)))

    assert told.count(True) == 5
    assert sorted(outcomes(responder)) == ["ok"] * 5 + ["too-many-answers"] * (FEWER - 5)


def test_a_banks_own_step_stands_around_every_answer_of_many(
    tmp_path: Path, made: Made, operators: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "banks_own_step.py").write_text(
        "from lockwright.adapter import hookimpl\n"
        "from lockwright.errors import NotSupported\n"
        "@hookimpl(wrapper=True)\n"
        "def lockwright_respond(challenge):\n"
        "    if challenge[-1] % 2:\n"
        "        raise NotSupported(operation='answer an odd Request')\n"
        "    return (yield)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    step = EntryPoint("banks-own-step", "banks_own_step", "lockwright")

    def answered(number: int) -> bool:
        try:
            responder.respond(inquiry(number), key(), GROUNDS)
        except NotSupported:
            return False
        return True

    with made(points=[step], isolate=False, at_once=4) as responder:
        told = list(operators.map(answered, range(FEWER)))

    assert told == [number % 2 == 0 for number in range(FEWER)]
    monkeypatch.delitem(sys.modules, "banks_own_step")


def test_a_process_stays_where_the_program_waits_for_none_that_it_starts(made: Made) -> None:
    before, handled = children_of(), signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        with made() as responder:
            responder.respond(inquiry(1), key(), GROUNDS)
            there = children_of() - before
            for number in (2, 3):
                responder.respond(inquiry(number), key(), GROUNDS)
            assert len(there & children_of()) == 1
    finally:
        signal.signal(signal.SIGCHLD, handled)
    assert outcomes(responder) == ["ok"] * 3


# --- what goes wrong in one answer ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "error"), [(odd.CRASHES, ModuleCrashed), (odd.HANGS, ModuleHung)]
)
def test_an_answer_that_fails_is_told_and_the_others_go_on(
    made: Made, operators: ThreadPoolExecutor, model: str, error: type[LockwrightError]
) -> None:
    with made() as responder:
        responder.respond(inquiry(0), key(), GROUNDS)
        if error is ModuleHung:  # a busy machine takes long for a crash, too
            impatient(responder)
        with pytest.raises(error):
            responder.respond(inquiry(1, model), key(), GROUNDS)
        good = list(
            operators.map(lambda n: responder.respond(inquiry(n), key(), GROUNDS), range(2, 6))
        )
        assert len(good) == 4
        # Nobody was given a Response, so the Request is not used up.
        assert responder.respond(inquiry(1), key(), GROUNDS)

    assert outcomes(responder) == ["ok", error.code, *["ok"] * 5]


def only_kind(responder: Responder) -> Any:
    """The processes that stay, which are all alike."""
    hosts: Any = responder._open
    [kind] = hosts._hosts._kinds.values()
    return kind


def impatient(responder: Responder) -> None:
    """Let the process that stays be given up after half a second, and no other."""
    [kept] = only_kind(responder).idle
    kept.host._deadlines = Deadlines(call=0.5)


def test_a_process_that_is_killed_in_the_middle_costs_one_answer(
    tmp_path: Path, made: Made, operators: ThreadPoolExecutor
) -> None:
    with made() as responder:
        asked = operators.submit(responder.respond, inquiry(1, odd.SLOW), key(), GROUNDS)
        os.kill(int(appears(tmp_path / "begun")), signal.SIGKILL)
        with pytest.raises(ModuleCrashed) as crashed:
            asked.result()
        (tmp_path / "go").touch()
        assert responder.respond(inquiry(1, odd.SLOW), key(), GROUNDS)

    assert crashed.value.facts["signal"] == "SIGKILL"
    assert outcomes(responder) == ["module-crashed", "ok"]


def test_a_process_that_was_killed_while_nobody_needed_it_costs_nothing(made: Made) -> None:
    before = children_of()
    with made() as responder:
        responder.respond(inquiry(1), key(), GROUNDS)
        killed = children_of() - before
        for each in killed:
            os.kill(each, signal.SIGKILL)
        until(lambda: not any(map(runs, killed)))
        assert responder.respond(inquiry(2), key(), GROUNDS)


def test_processes_that_crash_are_no_storm(
    made: Made, operators: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each failure in a row makes the next start wait; a good answer makes the next one fast."""
    monkeypatch.setattr(kept_open, "_PAUSES", (0.1, 60.0))
    with made() as responder:
        with pytest.raises(ModuleCrashed):
            responder.respond(inquiry(1, odd.CRASHES), key(), GROUNDS)
        assert responder.respond(inquiry(2), key(), GROUNDS)
        for _ in range(2):
            with pytest.raises(ModuleCrashed):
                responder.respond(inquiry(1, odd.CRASHES), key(), GROUNDS)
            monkeypatch.setattr(kept_open, "_PAUSES", (0.1, 0.5))
        pause_ends = only_kind(responder).pause_ends
        assert responder.respond(inquiry(3), key(), GROUNDS)
        assert time.monotonic() >= pause_ends


def test_a_process_that_nobody_needs_ends(made: Made) -> None:
    before = children_of()
    responder = made()
    with responder:
        responder._open = StayingOpen(responder._hosts, 4, idle=0.2)
        responder._prepare(responder._open, together=True)
        responder.respond(inquiry(1), key(), GROUNDS)
        new = children_of() - before
        until(lambda: not any(map(runs, new)))
        assert responder.respond(inquiry(2), key(), GROUNDS)


def test_a_process_ends_after_so_many_answers(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_open, "MOST_ANSWERS", 2)
    before = children_of()
    with made() as responder:
        responder.respond(inquiry(1), key(), GROUNDS)
        first = children_of() - before
        responder.respond(inquiry(2), key(), GROUNDS)
        until(lambda: not any(map(runs, first)))
        assert responder.respond(inquiry(3), key(), GROUNDS)


# --- a key in clear -------------------------------------------------------------------------------


def test_no_key_is_left_in_a_process_that_stays(tmp_path: Path, made: Made) -> None:
    """The copy that makes the second answer has all that its process knows of the first one."""
    first, second = KEY, KEY[::-1]
    with made() as responder:
        with responder.respond(inquiry(1), key(first), GROUNDS) as response:
            answered = response.reveal()
        responder.respond(inquiry(2, odd.DUMPS), key(second), GROUNDS)
    seen = (tmp_path / "memory").read_bytes()

    assert bytes.fromhex(second) in seen
    assert bytes.fromhex(first) not in seen
    assert answered not in seen


def test_an_adapter_with_a_thread_sees_one_key_in_each_process(
    tmp_path: Path, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process with threads cannot be copied, so it ends with its answer."""
    monkeypatch.setenv("ODD_RESPONDER_HAS_A_THREAD", "1")
    with made() as responder:
        responder.respond(inquiry(1), key(KEY), GROUNDS)
        responder.respond(inquiry(2, odd.DUMPS), key(KEY[::-1]), GROUNDS)
    seen = (tmp_path / "memory").read_bytes()

    assert bytes.fromhex(KEY[::-1]) in seen
    assert bytes.fromhex(KEY) not in seen


def test_what_an_answer_has_started_ends_with_it(tmp_path: Path, made: Made) -> None:
    with made() as responder:
        responder.respond(inquiry(1, odd.LEAVES), key(), GROUNDS)
        left = int((tmp_path / "left").read_text())
        responder.respond(inquiry(2), key(), GROUNDS)
        assert not Path(f"/proc/{left}").exists()


# --- the end --------------------------------------------------------------------------------------


def test_closing_waits_for_what_is_answered_and_then_refuses(
    tmp_path: Path, made: Made, operators: ThreadPoolExecutor
) -> None:
    before = children_of()
    responder = made()
    with responder:
        asked = operators.submit(responder.respond, inquiry(1, odd.SLOW), key(), GROUNDS)
        appears(tmp_path / "begun")
        closing = operators.submit(responder.close)
        until(lambda: responder._open and responder._open._closed)
        with pytest.raises(RuntimeError):
            responder.respond(inquiry(2), key(), GROUNDS)
        assert not closing.done()
        (tmp_path / "go").touch()
        closing.result()
        assert asked.result()

    assert children_of() <= before
    for ask in (
        lambda: responder.respond(inquiry(3), key(), GROUNDS),
        lambda: responder.check(inquiry(3)),
        responder.__enter__,
    ):
        with pytest.raises(RuntimeError, match="make a new one"):
            ask()


def test_a_responder_that_was_dropped_leaves_no_process(made: Made) -> None:
    before = children_of()
    responder = made().__enter__()
    responder.respond(inquiry(1), key(), GROUNDS)
    new = children_of() - before
    assert new

    del responder
    gc.collect()

    until(lambda: not any(map(runs, new)))


def test_an_open_responder_is_not_for_a_process_that_was_forked(made: Made) -> None:
    with made() as responder:
        responder.respond(inquiry(1), key(), GROUNDS)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of a fork beside threads
            copy = os.fork()
        if not copy:
            signal.alarm(20)
            try:
                responder.respond(inquiry(2), key(), GROUNDS)
            except RuntimeError as error:
                responder.close()
                os._exit(0 if "after a fork" in str(error) else 1)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]) == 0
        assert responder.respond(inquiry(2), key(), GROUNDS)


def test_ctrl_c_in_one_answer_leaves_the_others_whole(
    tmp_path: Path, made: Made, operators: ThreadPoolExecutor
) -> None:
    with made() as responder:

        def interrupt() -> None:
            appears(tmp_path / "begun")
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

        operators.submit(interrupt)
        with pytest.raises(KeyboardInterrupt):
            responder.respond(inquiry(1, odd.SLOW), key(), GROUNDS)
        others = list(
            operators.map(lambda n: responder.respond(inquiry(n), key(), GROUNDS), range(2, 8))
        )
        assert len(others) == 6

    assert sorted(outcomes(responder)) == ["interrupted"] + ["ok"] * 6


def test_a_responder_for_no_answer_at_once_is_refused() -> None:
    with pytest.raises(ValueError, match="at_once"):
        Responder(Config(audit=None), at_once=0, registry=Registry(found=[POINT]))
