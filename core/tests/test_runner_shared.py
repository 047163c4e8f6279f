"""One Runner and several threads, a fork, and what comes after its end."""

from __future__ import annotations

import asyncio
import os
import signal
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from lockwright import Config, Runner, Secret
from lockwright.errors import RequestPending
from lockwright.models import Token
from lockwright.models.deadlines import Deadlines
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.sim.answers import des3_answer
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.waiting import until

THREADS, LISTINGS = 8, 40


def labels(runner: Runner, token: Token) -> list[str]:
    return [container.label for container in runner.list(token, Secret(USER_PIN)).containers]


@pytest.fixture
def runner(sim: SimulatorFactory) -> Runner:
    """Two tokens of one module, each with a key of its own label."""
    devices = sim("jacarta-pki", label="Anna"), sim("jacarta-pki", label="Boris")
    runner = Runner(Config(audit=None), modules=[devices[0].module])
    for token in runner.detect().tokens:
        label = token.identity.label
        runner.request(token, Secret(USER_PIN), "CN=A", key_type="ec:p256", label=label)
    return runner


def test_each_of_many_threads_is_given_its_own_answer(runner: Runner) -> None:
    with runner, ThreadPoolExecutor(THREADS) as pool:
        tokens = runner.detect().tokens
        assert len(tokens) == 2
        asked = [tokens[n % 2] for n in range(LISTINGS)]
        looks = [pool.submit(runner.detect) for _ in range(2)]
        told = list(pool.map(lambda token: labels(runner, token), asked))
        assert told == [[token.identity.label] for token in asked]
        shown = [{token.serial for token in look.result().tokens} for look in looks]
        assert shown == [{token.serial for token in tokens}] * 2


def test_asyncio_asks_from_threads_of_its_own(runner: Runner) -> None:
    async def both(tokens: tuple[Token, ...]) -> list[list[str]]:
        return await asyncio.gather(*(asyncio.to_thread(labels, runner, each) for each in tokens))

    with runner:
        tokens = runner.detect().tokens * 4
        assert asyncio.run(both(tokens)) == [[token.identity.label] for token in tokens]


def test_no_thread_touches_a_token_while_its_request_is_open(sim: SimulatorFactory) -> None:
    key = bytes(range(24))
    device = sim("jacarta-pki", settings={"admin.key": key})
    with Runner(Config(audit=None), modules=[device.module]) as runner:
        token = runner.find()

        def look(_n: int) -> bool:
            with suppress(RequestPending):
                runner.state(token)
                return True
            return False

        with ThreadPoolExecutor(THREADS) as pool:
            looks = pool.map(look, range(LISTINGS))
            with runner.begin_unblock(token, None) as pending:
                assert not look(0)
                pending.complete(Secret(des3_answer(key, pending.request.data).hex()))
            list(looks)
        assert look(0)


@pytest.mark.parametrize("seconds", [1e9, 1e300])
def test_a_deadline_that_never_comes_ends_no_call(sim: SimulatorFactory, seconds: float) -> None:
    """The system counts the milliseconds of a wait in 32 bits."""
    config = Config(audit=None, deadlines=Deadlines(inspect=seconds, call=seconds, plugin=seconds))
    with Runner(config, modules=[sim("jacarta-pki").module]) as runner:
        assert runner.list(runner.find(), Secret(USER_PIN)).logged_in


def test_a_runner_that_is_closed_says_so(runner: Runner) -> None:
    with runner:
        token = runner.detect().tokens[0]
    for ask in (runner.detect, runner.find, lambda: runner.list(token)):
        with pytest.raises(RuntimeError, match="this Runner is closed; make a new one"):
            ask()
    runner.close()


def test_a_runner_is_not_for_a_process_that_was_forked(runner: Runner) -> None:
    with runner:
        tokens = runner.detect().tokens
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of a fork beside threads
            child = os.fork()
        if not child:
            os._exit(_said_in_the_copy(runner, tokens[0]))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert labels(runner, tokens[0]) == [tokens[0].identity.label]


def _said_in_the_copy(runner: Runner, token: Token) -> int:
    """0 if every way to ask is told, and closing the copy harms nobody."""
    told = 0
    for ask in (runner.detect, lambda: runner.list(token)):
        try:
            ask()
        except RuntimeError as error:
            told += "after a fork, make a new one" in str(error)
    runner.close()
    return 0 if told == 2 else 1


def test_a_copy_made_while_a_thread_looks_is_told_and_does_not_wait(sim: SimulatorFactory) -> None:
    """The lock that the thread holds at the fork is given back in no copy."""
    device = sim("jacarta-pki", settings={"delay.C_GetSlotList": 1000})
    with (
        Runner(Config(audit=None), modules=[device.module]) as runner,
        ThreadPoolExecutor() as pool,
    ):
        look = pool.submit(runner.detect)
        until(runner._finder._looking.locked)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of a fork beside threads
            child = os.fork()
        if not child:
            signal.alarm(10)  # the default action ends the copy
            try:
                runner.find()
            except RuntimeError:
                os._exit(0)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert len(look.result().tokens) == 1


def test_a_look_that_was_given_up_is_not_shown_as_the_next_one(sim: SimulatorFactory) -> None:
    """Ctrl-C while one module is waited for leaves what the others showed unread."""
    device = sim("jacarta-pki", label="Anna")
    adapters = {"jacarta": {"modules": [str(device.module)]}}
    with Runner(Config(audit=None, adapters=adapters)) as runner:
        token = runner.find()
        runner._hosts.begin_inspect(str(token.adapter), device.module)
        turn: Any = runner._hosts._hosts[str(token.adapter), device.module]
        answers = turn._host._child._listener
        until(lambda: answers._answer is not None)
        device.set("label", "Boris")
        assert [each.identity.label for each in runner.detect().tokens] == ["Boris"]
