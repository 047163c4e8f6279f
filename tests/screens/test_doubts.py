"""A new PIN whose owner may not be able to type it again is asked about, and never shown."""

from __future__ import annotations

import pytest
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Screen, Terminal
from lockwright_testkit.softhsm import USER_PIN, AddedToken, SoftHSM

GOOD = "Kettle-Moss-42"


@pytest.fixture(autouse=True)
def token(softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token("Anna")


def chooses(terminal: Terminal, program: Program, pin: str, *options: str) -> Screen:
    screen = terminal(program, "pin", "change", *options)
    screen.reads("User PIN:", "PIN-код пользователя:")
    screen.types(USER_PIN)
    screen.reads("New user PIN:", "Новый PIN-код пользователя:")
    screen.types(pin)
    return screen


def opens(program: Program, pin: str) -> bool:
    program.secret("try.pin", pin)
    return program.run("list", "--pin-file", "try.pin").code == 0


@pytest.mark.parametrize(
    ("pin", "said"),
    [
        ("Kettl\u0435-Moss-42", "It has the Cyrillic letter \u0435, which looks like"),
        ("\u041aettle-M\u043ess-42", "It has the Cyrillic letters \u041a, \u043e, which look"),
        ("\u0421\u041e\u0421\u041d\u0410-Mb-42", "It has the Cyrillic letters"),
        ("К\u0061штан-Mb-42", "It has the Latin letter a, which looks like"),
        (" Kettle-Moss-42", "It begins with a space."),
        ("Kettle-Moss-42 ", "It ends with a space."),
    ],
)
def test_what_was_perhaps_not_meant_is_said_and_another_pin_taken(
    program: Program, terminal: Terminal, pin: str, said: str
) -> None:
    screen = chooses(terminal, program, pin)

    assert said in screen.answers("Is that meant? [y/N]", "")
    screen.answers("New user PIN:", GOOD)
    screen.answers("once more:", GOOD)

    assert screen.ends().code == 0
    assert opens(program, GOOD)
    assert pin not in screen.everything


def test_who_means_it_gets_it(program: Program, terminal: Terminal) -> None:
    screen = chooses(terminal, program, "Kettl\u0435-Moss-42 ")
    told = screen.answers("Is that meant? [y/N]", "y")
    screen.answers("once more:", "Kettl\u0435-Moss-42 ")

    assert screen.ends().code == 0
    assert "Cyrillic letter" in told
    assert "ends with a space" in told
    assert opens(program, "Kettl\u0435-Moss-42 ")


def test_in_russian_too(program: Program, terminal: Terminal) -> None:
    screen = chooses(terminal, program, "Kettl\u0435-Moss-42", "--lang", "ru")

    assert "кириллическая буква \u0435" in screen.answers("Так и задумано? [y/N]", "да")
    screen.answers("Ещё раз то же самое:", "Kettl\u0435-Moss-42")

    assert screen.ends().code == 0


def test_a_weak_pin_is_refused_before_anything_is_asked(
    program: Program, terminal: Terminal
) -> None:
    screen = chooses(terminal, program, "аbc ")
    screen.answers("New user PIN:", GOOD)
    screen.answers("once more:", GOOD)

    assert screen.ends().code == 0
    assert "Is that meant?" not in screen.everything


@pytest.mark.parametrize("pin", [GOOD, "Каштан-Moss-42", "Kettle Moss 42"])
def test_a_pin_without_doubts_is_taken_at_once(
    program: Program, terminal: Terminal, pin: str
) -> None:
    screen = chooses(terminal, program, pin)

    assert screen.reads("once more:", "Is that meant?").which == 0
