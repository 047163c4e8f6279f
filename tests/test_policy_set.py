"""A token's own PIN rules are set: planned, agreed to, recorded, and read again."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from lockwright import Config, PinPolicy, Runner, Secret
from lockwright.errors import (
    LastTry,
    NotSupported,
    PinIncorrect,
    PolicyImpossible,
    PolicyNotKept,
    PolicyStale,
)
from lockwright.models import Token
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.sim import SO_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SoftHSM

SETTERS = ("jacarta-pro", "etoken")
"""Personalities whose rules their administrator can set."""


@pytest.fixture(params=SETTERS)
def device(sim: SimulatorFactory, request: pytest.FixtureRequest) -> Simulator:
    made: Simulator = sim(request.param)
    return made


@pytest.fixture
def runner(device: Simulator, tmp_path: Path) -> Runner:
    return Runner(Config(audit=tmp_path / "audit.jsonl"), modules=[device.module])


def test_rules_are_set_and_told_by_the_token_when_a_plan_is_applied(
    runner: Runner, tmp_path: Path
) -> None:
    with runner:
        token = runner.find()
        before = runner.policy(token)
        plan = runner.plan_policy(token, {"min_length": 10, "min_digits": 1})
        now = runner.set_policy(token, Secret(SO_PIN), plan)
        after = runner.policy(token)

    assert plan.changes
    assert (now.min_length, now.min_digits) == (10, 1)
    assert (after.min_length, after.min_digits) == (10, 1)
    assert after.min_upper == before.min_upper
    lines = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    intent, outcome = (line for line in lines if line["hook"] == "lockwright_set_policy")
    assert intent["facts"]["policy"]["min_length"] == 10
    assert outcome["outcome"] == "ok"
    assert SO_PIN not in (tmp_path / "audit.jsonl").read_text()


def test_a_rule_is_lifted_when_it_is_set_to_nothing(runner: Runner) -> None:
    with runner:
        token = runner.find()
        for wanted in (1, 0):
            plan = runner.plan_policy(token, {"min_special": wanted})
            assert runner.set_policy(token, Secret(SO_PIN), plan).min_special == wanted


def test_a_plan_for_other_rules_is_not_applied(runner: Runner) -> None:
    with runner:
        token = runner.find()
        old = runner.plan_policy(token, {"min_length": 12})
        runner.set_policy(token, Secret(SO_PIN), runner.plan_policy(token, {"min_length": 9}))
        with pytest.raises(PolicyStale):
            runner.set_policy(token, Secret(SO_PIN), old)
        assert runner.policy(token).min_length == 9


def test_a_wrong_so_pin_sets_nothing_and_costs_one_try(runner: Runner, device: Simulator) -> None:
    with runner:
        token = runner.find()
        plan = runner.plan_policy(token, {"min_length": 12})
        tries = device.tries("so")
        with pytest.raises(PinIncorrect):
            runner.set_policy(token, Secret("wrong-so-pin"), plan)
        assert device.tries("so") == tries - 1
        assert runner.plan_policy(token, {}).before == plan.before


def test_the_last_try_of_the_so_pin_is_spared(runner: Runner, device: Simulator) -> None:
    with runner:
        token = runner.find()
        plan = runner.plan_policy(token, {"min_length": 12})
        while device.tries("so") > 1:
            with pytest.raises(PinIncorrect):
                runner.set_policy(token, Secret("wrong-so-pin"), plan)
        with pytest.raises(LastTry):
            runner.set_policy(token, Secret(SO_PIN), plan)
        assert device.tries("so") == 1


def test_rules_that_no_pin_could_keep_are_refused_before_a_login(
    runner: Runner, device: Simulator
) -> None:
    with runner:
        token = runner.find()
        with pytest.raises(PolicyImpossible):
            runner.plan_policy(token, {"min_length": 999})
    assert "C_Login" not in device.counts()


def test_a_rule_that_the_token_has_not_is_refused_with_those_it_has(runner: Runner) -> None:
    with runner:
        token = runner.find()
        with pytest.raises(NotSupported, match="max_length; the rules that it can set are: min_l"):
            runner.plan_policy(token, {"max_length": 20})


def test_a_length_of_an_etoken_is_not_lifted_and_costs_no_login(sim: SimulatorFactory) -> None:
    """How it would be lifted is not public."""
    device = sim("etoken")
    with Runner(Config(audit=None), modules=[device.module]) as runner:
        token = runner.find()
        plan = runner.plan_policy(token, {"min_length": 0})
        with pytest.raises(NotSupported, match="lift a rule for the length"):
            runner.set_policy(token, Secret(SO_PIN), plan)
    assert "C_Login" not in device.counts()


def test_a_token_that_keeps_its_old_rules_is_told_about(
    device: Simulator, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module that says that it is done, and did nothing."""
    with runner:
        token = runner.find()
        plan = runner.plan_policy(token, {"min_length": 12})
        call = runner._calls._adapters[str(token.adapter)]._dispatch

        def forgetful(hook: str, of: Token, **arguments: object) -> object:
            return None if hook == "lockwright_set_policy" else call(hook, of, **arguments)

        monkeypatch.setattr(runner._calls._adapters[str(token.adapter)], "_dispatch", forgetful)
        with pytest.raises(PolicyNotKept, match="min_length"):
            runner.set_policy(token, Secret(SO_PIN), plan)
    assert device.tries("so") > 0


@pytest.mark.parametrize("after", [{"min_length": 6, "max_bytes": 10}, {"min_length": 10}])
def test_rules_are_judged_by_what_they_would_be_and_not_by_what_they_were(
    sim: SimulatorFactory, after: dict[str, int | None]
) -> None:
    device = sim("etoken")
    with Runner(Config(audit=None, policy=PinPolicy()), modules=[device.module]) as runner:
        token = runner.find()
        first = runner.plan_policy(token, {"min_length": 12, "max_bytes": 16})
        runner.set_policy(token, Secret(SO_PIN), first)
        assert runner.plan_policy(token, after).after.min_length == after["min_length"]


def test_a_number_that_the_token_cannot_hold_is_refused_before_a_login(
    runner: Runner, device: Simulator
) -> None:
    with runner, pytest.raises(NotSupported, match="min_digits is 1 at most"):
        runner.plan_policy(runner.find(), {"min_digits": 2})
    assert "C_Login" not in device.counts()


def test_the_banks_rules_weaken_no_rule_of_the_token(device: Simulator) -> None:
    bank = PinPolicy(min_length=6, min_digits=2, refuse_guessable=True)
    with Runner(Config(audit=None, policy=bank), modules=[device.module]) as runner:
        token = runner.find()
        runner.set_policy(token, Secret(SO_PIN), runner.plan_policy(token, {"min_length": 12}))
        wanted = runner.bank_policy_for(token)
    assert (wanted["min_length"], wanted["min_digits"]) == (12, 1)


def test_softhsm_says_why_when_its_rules_are_to_be_set(softhsm: SoftHSM) -> None:
    softhsm.add_token("Anna")
    with (
        Runner(Config(audit=None), modules=[softhsm.module]) as runner,
        pytest.raises(NotSupported, match="not offered by the vendor"),
    ):
        runner.plan_policy(runner.find(), {"min_length": 9})


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path)
    made.secret("so.pin", SO_PIN + "\n")
    return made


def test_the_plan_is_shown_and_nothing_is_set_until_a_person_agrees(
    device: Simulator, program: Program, terminal: Terminal
) -> None:
    command = ("policy", "set", "--min-length", "11", "--module", device.module)
    with terminal(program, *command) as screen:
        shown = screen.reads("Set these rules? [y/N]").before
        screen.types("n")
        screen.reads("Nothing was set.")
        assert screen.ends().code == 1
    assert "at least 11 characters" in shown.split("They would become:")[1]
    with terminal(program, *command) as screen:
        screen.answers("Set these rules? [y/N]", "y")
        screen.answers("SO PIN:", SO_PIN)
        screen.reads("are set. Now it asks for:")
        assert screen.ends().code == 0
    told = program.run(
        "policy",
        "show",
        "--token",
        device.show()["slot0.serial"],
        "--json",
        "--module",
        device.module,
    )
    assert told.document["policy"]["min_length"] == 11


def test_a_program_sets_the_banks_rules_in_one_call(device: Simulator, program: Program) -> None:
    serial = device.show()["slot0.serial"]
    (program.home / "config.toml").write_text("[policy]\nmin_length = 12\nmin_special = 1\n")
    ended = program.run(
        *("policy", "set", "--bank", "--yes", "--json", "--token", serial),
        *("--so-pin-file", "so.pin", "--config", "config.toml", "--module", device.module),
    )
    assert ended.code == 0, ended
    now = ended.document["now"]
    assert (now["min_length"], now["min_special"], now["min_digits"]) == (12, 1, 1)
    schema = json.loads((files("lockwright.cli") / "schemas" / "policy-set.json").read_text())
    Draft202012Validator(schema).validate(ended.document)
    again = program.run(
        *("policy", "set", "--bank", "--yes", "--token", serial, "--lang", "ru"),
        *("--config", "config.toml", "--module", device.module),
    )
    assert again.code == 0, again
    assert "уже" in again.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Name the rules to set, or --bank."),
        (("--min-length", "9"), "Nobody can be asked whether to set the rules."),
        (("--min-length", "9", "--yes"), "--yes needs --token."),
        (("--min-length", "many"), "it must be a whole number from 0 to 999"),
    ],
)
def test_a_command_line_that_cannot_be_carried_out_is_refused_at_once(
    program: Program, arguments: tuple[str, ...], told: str
) -> None:
    ended = program.run("policy", "set", *arguments)
    assert ended.code == 2
    assert told in " ".join(ended.err.split())
