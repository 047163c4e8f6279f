"""Several tokens fit: at a terminal one is picked by its number, elsewhere none is."""

from __future__ import annotations

import re

import pytest
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import CTRL_C, Terminal
from lockwright_testkit.raw import started
from lockwright_testkit.sim import SO_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SO_PIN as SOFTHSM_SO_PIN
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


def test_the_token_that_is_picked_is_the_one_that_is_initialised(
    program: Program, two: tuple[AddedToken, AddedToken], terminal: Terminal
) -> None:
    for token, label in zip(two, ("Clara", "Dmitri"), strict=True):
        screen = terminal(program, "token", "init", "--label", label)
        said = screen.reads("Its number, 1 to 2:").before
        screen.types(number_of(said, token.serial))
        screen.answers(f"type the serial number {token.serial}:", token.serial)
        assert token.serial in screen.answers("SO PIN:", SOFTHSM_SO_PIN)
        screen.answers("New user PIN:", NEW)
        screen.answers("once more:", NEW)
        assert screen.ends().code == 0

    labels = {
        each["serial"]: each["label"] for each in program.run("tokens", "--json").document["tokens"]
    }
    assert labels == {two[0].serial: "Clara", two[1].serial: "Dmitri"}


def test_a_blank_token_is_picked_among_blank_ones(
    program: Program, softhsm: SoftHSM, sim: SimulatorFactory, terminal: Terminal
) -> None:
    """The one with a label stays out of it."""
    softhsm.add_token("Anna")
    blank = sim("jacarta-pki", settings={"initialized": "no"})
    modules = ("--module", softhsm.module, "--module", blank.module)
    screen = terminal(program, "token", "init", "--label", "Clara", "--blank", *modules)
    said = screen.reads("Its number, 1 to 2:").before
    assert "Anna" not in said
    screen.types(number_of(said, "JaCarta"))
    assert "JaCarta" in screen.answers("with the label Clara?", "y")
    screen.answers("New SO PIN:", "Harbour-Gate-61")
    screen.answers("once more:", "Harbour-Gate-61")
    screen.answers("New user PIN:", NEW)
    screen.answers("once more:", NEW)
    code, said = screen.ends()
    assert code == 0, said
    assert blank.show()["slot0.label"] == "Clara"


def test_without_a_terminal_several_blank_tokens_are_told_and_none_is_taken(
    program: Program, softhsm: SoftHSM, sim: SimulatorFactory
) -> None:
    program.secret("pin", NEW)
    blank = sim("jacarta-pki", settings={"initialized": "no"})
    pins = ("--new-so-pin-file", "pin", "--new-pin-file", "pin")
    modules = ("--module", softhsm.module, "--module", blank.module)

    ended = program.run(
        *("token", "init", "--label", "x", "--blank", "--yes"), *pins, *modules, "--json"
    )

    assert (ended.code, ended.error["code"]) == (4, "several-tokens")
    assert len(ended.error["facts"]["names"]) == 2


def test_the_way_that_is_picked_is_the_one_that_unblocks(
    program: Program, sim: SimulatorFactory, terminal: Terminal
) -> None:
    module = sim("etoken").module
    screen = terminal(program, "unblock", "--module", module)
    said = screen.reads("Its number, 1 to 2:").before
    assert "1. Request and Response 2. SO PIN" in said
    screen.types("2")
    screen.answers("SO PIN:", SO_PIN)
    screen.answers("New user PIN:", NEW)
    screen.answers("once more:", NEW)
    assert screen.ends().code == 0

    asked = program.run("unblock", "--module", module)
    assert (asked.code, "--way" in asked.err) == (2, True)
