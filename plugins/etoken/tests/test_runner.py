"""The adapter as the runner uses it: found by its entry point, in a process beside the module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from lockwright import Config, Runner, Secret
from lockwright.adapter import Setting
from lockwright.errors import LastTry, ModuleTooOld, PinIncorrect, PinLocked, PinRefused
from lockwright.explain import explain
from lockwright.models import PinState, Token
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator
from lockwright_testkit.sim.applet import Setting as SimSetting
from lockwright_testkit.sim.fixtures import SimulatorFactory

Opener = Callable[..., Runner]

NEW = "Kettle-Moss-42"


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    return sim("etoken", settings={"user.tries.max": 3, "so.tries.max": 3, "info.tries": False})


@pytest.fixture
def opened() -> Iterator[Opener]:
    """A runner that knows this adapter and a device's module."""
    with ExitStack() as stack:

        def start(device: Simulator, *, use_last_try: bool = False, **settings: Setting) -> Runner:
            table = {"modules": [str(device.module)], **settings}
            config = Config(allow=("etoken",), adapters={"etoken": table}, audit=None)
            return stack.enter_context(Runner(config, use_last_try=use_last_try))

        yield start


def refusal(runner: Runner, token: Token, pin: str) -> PinIncorrect:
    with pytest.raises(PinIncorrect) as caught:
        runner.list(token, Secret(pin))
    return caught.value


def test_a_wrong_pin_says_what_is_left_though_no_flag_does(
    device: Simulator, opened: Opener
) -> None:
    runner = opened(device)
    token = runner.find()
    assert (token.adapter, token.identity.model) == ("etoken", "eToken")
    first = refusal(runner, token, "not-the-pin")
    assert first.facts == {
        "role": "user PIN",
        "tries_left": 2,
        "state": PinState.COUNT_LOW,
    }
    assert "2 tries are left" in explain(first).message
    assert "The next wrong try locks it" in explain(refusal(runner, token, "no-no")).message


def test_a_wrong_administrator_is_counted_as_well(device: Simulator, opened: Opener) -> None:
    runner = opened(device)
    with pytest.raises(PinIncorrect) as caught:
        runner.unblock(runner.find(), Secret("wrong"), Secret(NEW))
    assert (caught.value.facts["role"], caught.value.facts["tries_left"]) == ("SO PIN", 2)


def test_a_locked_token_is_unblocked_and_the_new_pin_is_judged_first(
    device: Simulator, opened: Opener
) -> None:
    runner = opened(device, use_last_try=True)
    token = runner.find()
    for left in (2, 1, 0):
        assert refusal(runner, token, "not-the-pin").facts["tries_left"] == left
    with pytest.raises(PinLocked):
        runner.list(token, Secret(USER_PIN))
    with pytest.raises(PinRefused):
        runner.unblock(token, Secret(SO_PIN), Secret("short"))
    runner.unblock(token, Secret(SO_PIN), Secret(NEW))
    assert runner.list(token, Secret(NEW)).containers == ()


def test_the_last_try_is_spared_though_no_flag_warns(device: Simulator, opened: Opener) -> None:
    device.set("user.tries", 1, slot=0)
    runner = opened(device)
    with pytest.raises(LastTry):
        runner.list(runner.find(), Secret(USER_PIN))
    assert device.tries() == 1


def test_the_policy_in_force_is_the_stricter_of_both(device: Simulator, opened: Opener) -> None:
    runner = opened(device)
    policy = runner.policy(runner.find())
    assert (policy.min_length, policy.min_digits) == (8, 1)  # the bank's
    assert (policy.max_bytes, policy.max_repeated) == (16, 3)  # the token's


def test_a_driver_that_is_too_old_is_the_reason_for_no_token(
    device: Simulator, opened: Opener
) -> None:
    device.set("library.version", "5.0")
    with pytest.raises(ModuleTooOld, match=r"has the version 5\.0; 5\.1 or newer is needed"):
        opened(device).find()
    assert opened(device, min_version="5.0").find().adapter == "etoken"


def test_a_jacarta_pro_is_left_alone(sim: SimulatorFactory, opened: Opener) -> None:
    strings: dict[str, SimSetting] = {"manufacturer": "Aladdin R.D.", "model": "PRO"}
    (token,) = opened(sim("etoken", settings=strings)).detect().tokens
    assert token.adapter is None
