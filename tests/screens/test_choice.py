"""Several tokens fit: at a terminal one is picked by its number, elsewhere none is."""

from __future__ import annotations

import re

import pytest
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import CTRL_C, Terminal
from lockwright_testkit.raw import started
from lockwright_testkit.sim import SO_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import USER_PIN, AddedToken, SoftHSM

NEW = "Kettle-Moss-42"
_PIN_LOCKED = 0xA4


@pytest.fixture
def two(program: Program, softhsm: SoftHSM) -> tuple[AddedToken, AddedToken]:
    return softhsm.add_token("Anna"), softhsm.add_token("Boris")


@pytest.fixture
def locked(softhsm: SoftHSM, sim: SimulatorFactory) -> Simulator:
    """A token of another kind, whose user PIN is locked."""
    made = sim("jacarta-pki", label="Clara")
    with started(made.module) as module:
        session = module.open(module.slots()[0])
        while module.login(session, "not-the-pin-1") != _PIN_LOCKED:
            pass
    return made


def number_of(said: str, serial: str) -> str:
    """The number before the token with a serial number."""
    found = re.search(rf"(\d+)\. [^.]*?{serial}", said)
    assert found, said
    return found[1]


def test_the_token_that_is_picked_is_the_one_that_is_read(
    program: Program, two: tuple[AddedToken, AddedToken], terminal: Terminal
) -> None:
    for token in two:
        screen = terminal(program, "list", "--login")
        said = screen.reads("Its number, 1 to 2:").before
        assert all(each.serial in said for each in two)
        screen.types("3")
        screen.reads("none of these numbers")
        screen.answers("Its number, 1 to 2:", "")
        screen.answers("Its number, 1 to 2:", number_of(said, token.serial))
        assert token.serial in screen.answers("User PIN:", USER_PIN)
        assert screen.ends().code == 0


def test_the_locked_one_is_the_first_that_unblock_offers(
    program: Program,
    two: tuple[AddedToken, AddedToken],
    locked: Simulator,
    softhsm: SoftHSM,
    terminal: Terminal,
) -> None:
    modules = ("--module", softhsm.module, "--module", locked.module)
    screen = terminal(program, "unblock", *modules)
    serial = locked.show()["slot0.serial"]

    said = screen.reads("Its number, 1 to 3:").before
    assert number_of(said, serial) == "1"
    assert "user PIN: locked" in said.partition("2.")[0]
    screen.types("1")

    assert serial in screen.answers("SO PIN:", SO_PIN)
    screen.answers("New user PIN:", NEW)
    screen.answers("once more:", NEW)
    code, said = screen.ends()
    assert code == 0, said
    assert f"{serial} has a new user PIN" in said


def test_ctrl_c_picks_none(
    program: Program, two: tuple[AddedToken, AddedToken], terminal: Terminal
) -> None:
    screen = terminal(program, "unblock")
    screen.reads("Its number, 1 to 2:")
    screen.presses(CTRL_C)

    code, said = screen.ends()
    assert code == 130
    assert "No try was spent" in said


def test_without_a_terminal_it_is_refused_and_each_is_named(
    program: Program, two: tuple[AddedToken, AddedToken]
) -> None:
    assert program.run("unblock").code == 4

    error = program.run("list", "--json").error

    assert error["code"] == "several-tokens"
    assert set(error["facts"]["names"]) == {each.serial for each in two}
    for name in error["facts"]["names"]:
        assert program.run("list", "--token", name).code == 0


def test_for_a_program_nobody_is_asked(
    program: Program, two: tuple[AddedToken, AddedToken], terminal: Terminal
) -> None:
    screen = terminal(program, "list", "--json")

    assert screen.ends().code == 4
    assert "Its number" not in screen.everything
