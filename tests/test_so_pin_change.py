"""The administrator changes the SO PIN; the token that loses it is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from lockwright import Config, Runner, Secret
from lockwright.errors import LastTry, PinIncorrect, PinRefused, PinRefusedByToken
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.sim import SO_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SO_PIN as SOFTHSM_SO_PIN
from lockwright_testkit.softhsm import SoftHSM

NEW, USER = "Harbour-Gate-61", "Kettle-Moss-42"


@pytest.fixture(params=["jacarta-pki", "jacarta-pro", "etoken"])
def device(sim: SimulatorFactory, request: pytest.FixtureRequest) -> Simulator:
    made: Simulator = sim(request.param)
    return made


def test_the_new_so_pin_unblocks_and_the_old_one_does_not(device: Simulator) -> None:
    with Runner(Config(audit=None), modules=[device.module]) as api:
        token = api.find()
        api.care.change_so_pin(token, Secret(SO_PIN), Secret(NEW))
        with pytest.raises(PinIncorrect):
            api.unblock(token, Secret(SO_PIN), Secret(USER))
        api.unblock(token, Secret(NEW), Secret(USER))


def test_a_wrong_so_pin_costs_one_try_and_its_last_try_is_spared(
    sim: SimulatorFactory,
) -> None:
    device = sim("jacarta-pki")
    with Runner(Config(audit=None), modules=[device.module]) as api:
        token = api.find()
        for left in range(device.tries("so") - 1, 0, -1):
            with pytest.raises(PinIncorrect) as caught:
                api.care.change_so_pin(token, Secret("Wrong-pin-1"), Secret(NEW))
            assert (device.tries("so"), caught.value.facts["role"]) == (left, "SO PIN")
        with pytest.raises(LastTry):
            api.care.change_so_pin(token, Secret(SO_PIN), Secret(NEW))
        assert device.tries("so") == 1


def test_a_new_so_pin_against_the_banks_rules_costs_no_login(sim: SimulatorFactory) -> None:
    device = sim("jacarta-pki")
    with Runner(Config(audit=None), modules=[device.module]) as api:
        token = api.find()
        with pytest.raises(PinRefused):
            api.care.change_so_pin(token, Secret(SO_PIN), Secret("12345678"))
    assert "C_Login" not in device.counts()


def test_what_the_token_refuses_leaves_the_old_one(sim: SimulatorFactory) -> None:
    device = sim("jacarta-pki", settings={"so.policy.digits": 4})
    with Runner(Config(audit=None), modules=[device.module]) as api:
        token = api.find()
        with pytest.raises(PinRefusedByToken):
            api.care.change_so_pin(token, Secret(SO_PIN), Secret(NEW))
        api.unblock(token, Secret(SO_PIN), Secret(USER))


def test_a_person_is_asked_for_the_old_one_once_and_the_new_one_twice(
    tmp_path: Path, softhsm: SoftHSM, terminal: Terminal
) -> None:
    made, program = softhsm.add_token("Anna"), Program(tmp_path)
    screen = terminal(program, "so-pin", "change")
    assert made.serial in screen.answers("SO PIN:", SOFTHSM_SO_PIN)
    assert "A new SO PIN needs:" in screen.answers("New SO PIN:", NEW)
    screen.answers("once more:", NEW)
    code, said = screen.ends()
    assert (code, "was changed" in said) == (0, True)
    program.secret("new.pin", NEW)
    program.secret("user.pin", USER)
    assert (
        program.run("unblock", "--so-pin-file", "new.pin", "--new-pin-file", "user.pin").code == 0
    )
