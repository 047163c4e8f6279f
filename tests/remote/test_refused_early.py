"""A remote unblock that cannot come to a good end is refused before a Request is made."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from kinds import NEW_PIN
from locked_token import Locked
from lockwright import Runner, Secret
from lockwright.errors import LastTry, LockwrightError, NotSupported, PinLocked, PinRefused
from lockwright_testkit.sim.fixtures import SimulatorFactory

ASKS = "JC_PKI_GetChallenge"
Open = Callable[..., Runner]


def test_a_bad_new_pin_is_refused_before_a_request_is_made(locked: Locked) -> None:
    locked.calls()
    with pytest.raises(PinRefused):
        locked.runner.begin_unblock(locked.token, Secret("12345678"))

    assert ASKS not in locked.calls()


def test_a_token_whose_administrator_is_a_pin_says_what_it_can_do(
    sim: SimulatorFactory, opened: Open
) -> None:
    device = sim("jacarta-pki")
    runner = opened(device.module)
    device.start_trace()
    with pytest.raises(NotSupported, match="what it can do is: unblock with the SO PIN"):
        runner.begin_unblock(runner.find(), Secret(NEW_PIN))

    assert not any(ASKS in line for line in device.trace())


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("so.tries", 0, PinLocked),
        ("so.tries", 1, LastTry),
        ("user.unblocks.max", 255, NotSupported),
    ],
)
def test_what_would_be_in_vain_is_refused_before_a_request_is_made(
    locked: Locked, setting: str, value: int, expected: type[LockwrightError]
) -> None:
    locked.device.set(setting, value, slot=0)
    locked.calls()
    with pytest.raises(expected):
        locked.begin()

    assert ASKS not in locked.calls()


def test_the_administrator_s_last_try_is_risked_when_told_to(locked: Locked, opened: Open) -> None:
    locked.device.set("so.tries", 1, slot=0)
    runner = opened(locked.device.module, use_last_try=True)
    with runner.begin_unblock(runner.find(), Secret(NEW_PIN)) as pending:
        pending.complete(locked.answer(pending.request.data))

    locked.signs(Secret(NEW_PIN))
