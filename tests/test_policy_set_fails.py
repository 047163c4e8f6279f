"""A token fails while its PIN rules are set: what became of them is told as it is."""

from __future__ import annotations

import pytest
from lockwright import Config, Runner, Secret
from lockwright.errors import NOTHING, LockwrightError, ModuleCrashed, NotSupported
from lockwright.models import Token
from lockwright.operations import token_policy
from lockwright_testkit.sim import SO_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

SETS = {"jacarta-pro": "JC_PJ_SetUserPinPolicy", "etoken": "C_SetAttributeValue"}
"""What a personality sets its rules by."""


def failure(runner: Runner, device: Simulator, *faults: str) -> LockwrightError:
    """What setting a rule ends with, under faults that are planned for it alone."""
    token = runner.find()
    plan = runner.plan_policy(token, {"min_length": 12})
    device.fault(*faults)
    with pytest.raises(LockwrightError) as failed:
        runner.set_policy(token, Secret(SO_PIN), plan)
    device.clear_faults()
    return failed.value


@pytest.mark.parametrize("personality", SETS)
@pytest.mark.parametrize(
    ("what", "cost"), [("after:0x30", token_policy.TAKEN), ("0x30", NOTHING)], ids=["done", "not"]
)
def test_a_token_that_fails_is_asked_what_became_of_its_rules(
    sim: SimulatorFactory, personality: str, what: str, cost: str
) -> None:
    device = sim(personality)
    with Runner(Config(audit=None), modules=[device.module]) as runner:
        assert failure(runner, device, f"{SETS[personality]}@1={what}").cost == cost
        done = runner.policy(runner.find()).min_length == 12
    assert done == (cost == token_policy.TAKEN)


@pytest.mark.parametrize("personality", SETS)
def test_rules_that_cannot_be_read_after_they_were_set_are_told_as_set(
    sim: SimulatorFactory, personality: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = sim(personality)
    with Runner(Config(audit=None), modules=[device.module]) as runner:
        token = runner.find()
        plan = runner.plan_policy(token, {"min_length": 12})
        adapter = runner._calls._adapters[str(token.adapter)]
        call = adapter._dispatch

        def crashing(hook: str, of: Token, **arguments: object) -> object:
            done = call(hook, of, **arguments)
            if hook == "lockwright_set_policy":
                device.fault("C_GetTokenInfo@1=kill")
            return done

        with monkeypatch.context() as patched:
            patched.setattr(adapter, "_dispatch", crashing)
            with pytest.raises(ModuleCrashed) as failed:
                runner.set_policy(token, Secret(SO_PIN), plan)
        assert failed.value.cost == token_policy.TAKEN
        assert runner.policy(runner.find()).min_length == 12


def test_a_token_without_an_administrator_offers_no_rules_to_set(sim: SimulatorFactory) -> None:
    for personality in SETS:
        device = sim(personality, so_pin="")
        with (
            Runner(Config(audit=None), modules=[device.module]) as runner,
            pytest.raises(NotSupported, match="it has no administrator"),
        ):
            runner.plan_policy(runner.find(), {"min_length": 9})
