"""A remote unblock of each applet through the runner, with the module in its own process."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lockwright import Config, Runner, Secret
from lockwright.errors import PinIncorrect, PinLocked
from lockwright.models import Token
from lockwright_testkit.sim import SO_PIN, USER_PIN
from lockwright_testkit.sim.answers import des3_answer, stand_in_answer
from lockwright_testkit.sim.fixtures import SimulatorFactory

KEY = bytes(range(24))
NEW = "Kettle-Moss-42"


def lock(runner: Runner, token: Token) -> None:
    for _ in range(16):
        try:
            runner.list(token, Secret("not-the-pin"))
        except PinLocked:
            return
        except PinIncorrect:
            continue
    pytest.fail("the token does not lock")


@pytest.mark.parametrize(
    ("personality", "answer", "sets"),
    [
        ("jacarta-pki", lambda asked: des3_answer(KEY, asked), True),
        ("jacarta-pki", lambda asked: des3_answer(KEY, asked), False),
        ("jacarta-pro", lambda asked: stand_in_answer(SO_PIN.encode(), asked, 8), True),
        ("jacarta-gost2", lambda asked: stand_in_answer(KEY, asked, 16), False),
    ],
    ids=["pki", "pki-keeps", "pro", "gost2-keeps"],
)
def test_a_locked_applet_is_unblocked_by_a_response(
    sim: SimulatorFactory, personality: str, answer: Callable[[bytes], bytes], *, sets: bool
) -> None:
    settings = {"user.tries.max": 3} | ({} if personality == "jacarta-pro" else {"admin.key": KEY})
    device = sim(personality, settings=settings)
    with Runner(Config(audit=None), modules=[device.module], use_last_try=True) as runner:
        token = runner.find()
        lock(runner, token)
        assert device.tries() == 0
        new_pin = Secret(NEW) if sets else None
        with runner.begin_unblock(token, new_pin) as pending:
            pending.complete(Secret(answer(pending.request.data).hex()))
        assert runner.list(token, Secret(NEW if sets else USER_PIN)).all_objects == ()
