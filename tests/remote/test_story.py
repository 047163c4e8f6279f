"""The remote unblock through the Python API: what ends it, what it costs, and the next Request."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from kinds import KEY, NEW_PIN, every_kind
from locked_token import Locked
from lockwright import Runner, Secret
from lockwright.errors import (
    PinRefusedByToken,
    RequestPending,
    RequestVoid,
    ResponseMalformed,
    ResponseNotTaken,
    ResponseWrong,
    TokenRemoved,
)
from lockwright.host import ending
from lockwright.host.parent import ChildHost
from lockwright.models import PinState
from lockwright.spoken import request_check, spell, spell_response
from lockwright_testkit.sim import SO_PIN, USER_PIN
from lockwright_testkit.sim.answers import des3_answer
from lockwright_testkit.sim.fixtures import SimulatorFactory

Open = Callable[..., Runner]
both_ways = pytest.mark.parametrize(
    "isolated", [True, False], ids=["host", "in-process"], indirect=True
)


# --- it works ------------------------------------------------------------------------------------


@both_ways
def test_a_locked_token_works_again_and_its_old_key_signs(locked: Locked) -> None:
    with locked.begin() as pending:
        status = pending.complete(locked.answer(pending.request.data))

    assert status is not None
    assert status.state is PinState.OK
    locked.signs(Secret(NEW_PIN))
    assert not locked.opens(USER_PIN)


@every_kind
def test_every_kind_of_token_works_again_and_its_old_key_signs(locked: Locked) -> None:
    with locked.begin() as pending:
        status = pending.complete(locked.answer(pending.request.data))

    assert status is not None
    assert status.state is PinState.OK
    locked.signs(Secret(locked.kind.pin))
    assert locked.kind.keeps_pin or not locked.opens(USER_PIN)


def test_the_request_is_shown_in_groups_with_its_check(locked: Locked) -> None:
    with locked.begin() as pending:
        request = pending.request
        assert request.text == spell(request.data)
        assert request.check == request_check(locked.token.serial, request.data)
        assert 890 < pending.seconds_left <= 900


def test_a_response_with_the_bank_s_check_is_taken(locked: Locked) -> None:
    with locked.begin() as pending:
        request = pending.request.data
        plain = bytes.fromhex(locked.answer(request).reveal_text())
        pending.complete(Secret(spell_response(locked.token.serial, request, plain)))

    locked.signs(Secret(NEW_PIN))


def test_the_pin_is_kept_when_the_token_can_do_that(locked: Locked) -> None:
    with locked.runner.begin_unblock(locked.token, None) as pending:
        pending.complete(locked.answer(pending.request.data))

    locked.signs(Secret(USER_PIN))


# --- nothing touches the token while it waits ----------------------------------------------------


@both_ways
def test_nothing_touches_the_token_while_it_waits(locked: Locked) -> None:
    runner, token, pin = locked.runner, locked.token, Secret(USER_PIN)
    attempts: list[Callable[[], object]] = [
        lambda: runner.list(token),
        lambda: runner.list(token, pin),
        lambda: runner.policy(token),
        lambda: runner.change_pin(token, pin, Secret(NEW_PIN)),
        lambda: runner.request(token, pin, "CN=x"),
        runner.find,
        lambda: runner.find(token.serial),
        locked.begin,
    ]
    with locked.begin() as pending:
        locked.calls()
        for attempt in attempts:
            with pytest.raises(RequestPending) as refused:
                attempt()
            assert refused.value.facts["serial"] == token.serial
        seen = runner.detect()
        assert seen.tokens == ()
        assert [type(problem.error) for problem in seen.problems] == [RequestPending]
        assert locked.calls() == []

        pending.complete(locked.answer(pending.request.data))

    locked.signs(Secret(NEW_PIN))


def test_another_token_of_the_same_module_waits_too(
    locked: Locked, sim: SimulatorFactory, opened: Open
) -> None:
    """Asking a module for one slot may make it look at every reader."""
    other = sim("jacarta-pki", label="Boris", serial="4C54000351574C50")
    runner = opened(locked.device.module)
    mine, others = runner.find(locked.token.serial), runner.find(other.show()["slot0.serial"])
    with runner.begin_unblock(mine, Secret(NEW_PIN)), pytest.raises(RequestPending):
        runner.list(others)

    assert runner.list(others, Secret(USER_PIN)).containers == ()


@both_ways
def test_a_malformed_response_costs_nothing_and_the_request_stays_good(locked: Locked) -> None:
    with locked.begin() as pending:
        locked.calls()
        right = locked.answer(pending.request.data).reveal_text()
        for typed in ("", right[:-1], right + "0", "Z" + right[1:], right + "00000"):
            with pytest.raises(ResponseMalformed):
                pending.complete(Secret(typed))
        assert locked.calls() == []
        assert pending.pending

        pending.complete(Secret(right))

    locked.signs(Secret(NEW_PIN))


# --- every end: the Request is void, and the next one is new --------------------------------------


@both_ways
def test_a_wrong_response_tells_what_it_cost_and_what_is_left(locked: Locked) -> None:
    with locked.begin() as pending:
        first = pending.request.data
        with pytest.raises(ResponseWrong) as refused:
            pending.complete(Secret("0123 4567 89AB CDEF"))
        assert refused.value.facts["tries_left"] == 4
        assert "administrator was spent" in refused.value.cost
        with pytest.raises(RequestVoid):
            pending.complete(locked.answer(first))

    assert locked.device.tries("so") == 4
    with locked.begin() as pending:
        assert pending.request.data != first
    locked.unblocks()


def test_another_token_s_key_is_told_apart_from_a_misheard_response(locked: Locked) -> None:
    pending = locked.begin()
    request = pending.request
    answered = des3_answer(KEY[::-1], request.data)
    with pytest.raises(ResponseNotTaken) as refused:
        pending.complete(Secret(spell_response(request.serial, request.data, answered)))

    assert refused.value.facts["tries_left"] == 4
    assert "the bank's key is not this token's" in refused.value.advice


def test_a_new_pin_that_the_token_itself_refuses_ends_it(locked: Locked) -> None:
    locked.device.set("user.policy.history", 2, slot=0)
    pending = locked.runner.begin_unblock(locked.token, Secret(USER_PIN))
    with pytest.raises(PinRefusedByToken) as refused:
        pending.complete(locked.answer(pending.request.data))

    assert "the Request is void" in refused.value.cost
    locked.unblocks()


@both_ways
def test_giving_up_lets_the_token_go(locked: Locked) -> None:
    pending = locked.begin()
    pending.cancel()
    pending.cancel()

    assert not pending.pending
    assert pending.seconds_left == 0
    with pytest.raises(RequestVoid, match="answered or given up before"):
        pending.complete(locked.answer(pending.request.data))
    assert locked.state() is PinState.LOCKED
    locked.unblocks()


@both_ways
def test_ctrl_c_lets_the_token_go(locked: Locked) -> None:
    with pytest.raises(KeyboardInterrupt), locked.begin():
        raise KeyboardInterrupt

    locked.unblocks()


@both_ways
def test_closing_the_runner_lets_the_token_go(locked: Locked, opened: Open) -> None:
    runner = opened(locked.device.module)
    pending = runner.begin_unblock(runner.find(), Secret(NEW_PIN))
    runner.close()

    assert not pending.pending
    locked.unblocks()


def test_a_response_that_comes_too_late_is_not_tried(locked: Locked, opened: Open) -> None:
    runner = opened(locked.device.module, response=0.01)
    pending = runner.begin_unblock(runner.find(), Secret(NEW_PIN))
    time.sleep(0.02)
    with pytest.raises(RequestVoid, match="the time for its Response is over"):
        pending.complete(locked.answer(pending.request.data))

    assert locked.device.tries("so") == 5
    locked.unblocks()


@both_ways
def test_a_token_that_is_gone_is_said_to_be_gone(locked: Locked) -> None:
    pending = locked.begin()
    locked.device.unplug()
    with pytest.raises(TokenRemoved) as refused:
        pending.complete(locked.answer(pending.request.data))

    assert "The Request is void" in refused.value.cost
    locked.device.plug()
    locked.unblocks()


def test_a_host_that_died_took_the_request_along(locked: Locked, opened: Open) -> None:
    runner = opened(locked.device.module, isolate=True)
    pending = runner.begin_unblock(runner.find(), Secret(NEW_PIN))
    kill_host(runner, locked)
    with pytest.raises(RequestVoid, match="the process that held the token has ended"):
        pending.complete(locked.answer(pending.request.data))

    assert runner.find().state.user_pin is not None
    assert locked.device.tries("so") == 5
    locked.unblocks()


def kill_host(runner: Runner, locked: Locked) -> None:
    host = runner._hosts._hosts["jacarta", locked.token.identity.module.path]._host
    assert isinstance(host, ChildHost)
    assert host._child is not None
    process = host._child._process
    os.kill(process.pid, signal.SIGKILL)
    ending.reap(process)


# --- the record ----------------------------------------------------------------------------------


def test_the_trail_has_both_ends_and_no_response(locked: Locked, tmp_path: Path) -> None:
    with locked.begin() as pending:
        response = locked.answer(pending.request.data)
        pending.complete(response)
    locked.begin().cancel()

    text = (tmp_path / "audit.jsonl").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    told = [(line["hook"], line["event"]) for line in lines if "unblock" in line["hook"]]
    assert told == [
        (f"lockwright_unblock_{hook}", event)
        for hook in ("challenge", "complete", "challenge", "cancel")
        for event in ("intent", "outcome")
    ]
    found = [line.get("facts", {}).get("request_sha256") for line in lines]
    first, complete, second, cancelled = filter(None, found)
    assert first == complete != second == cancelled
    assert {line["token"]["serial"] for line in lines} == {locked.token.serial}
    for secret in (response.reveal_text(), pending.request.data.hex(), NEW_PIN, SO_PIN):
        assert secret.lower() not in text.lower()
