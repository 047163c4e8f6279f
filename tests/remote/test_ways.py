"""The ways to unblock, at a terminal and with files; with a new PIN, or with the old one."""

from __future__ import annotations

import pytest
from client import Computer, of
from kinds import ETOKEN, JACARTA_GOST2, JACARTA_PKI, JACARTA_PRO, NEW_PIN, PUK, Kind
from locked_token import Locked
from lockwright import Secret
from lockwright_testkit.pseudo_terminal import Left
from lockwright_testkit.sim import SO_PIN, USER_PIN
from telephone import read_out

PKI_BY_PIN = Kind("jacarta-pki", "jacarta", "")
"""A JaCarta PKI as it is delivered: its administrator is a PIN, so the bank answers no Request."""


# --- the PUK --------------------------------------------------------------------------------------


@of(JACARTA_GOST2)
def test_a_puk_is_asked_for_and_sets_a_new_pin(computer: Computer, locked: Locked) -> None:
    screen = computer.asks("--way", "puk")
    screen.answers("PUK:", PUK)
    screen.answers("New user PIN:", NEW_PIN)
    screen.answers("once more:", NEW_PIN)
    code, said = screen.ends()

    assert code == 0
    assert "has a new user PIN" in said
    assert PUK not in screen.everything
    locked.signs(Secret(NEW_PIN))
    assert not locked.opens(USER_PIN)


@of(JACARTA_GOST2)
def test_a_puk_in_a_file_is_the_way_that_is_meant(computer: Computer, locked: Locked) -> None:
    ended = computer.runs(puk=PUK, new_pin=NEW_PIN)

    assert ended.code == 0, ended
    assert (ended.document["way"], ended.document["token"]) == ("puk", locked.token.serial)
    locked.signs(Secret(NEW_PIN))


@of(JACARTA_GOST2)
def test_a_wrong_puk_says_what_it_cost_and_what_is_left(computer: Computer, locked: Locked) -> None:
    locked.device.set("puk.tries", 3, slot=0)
    for left in ("2 tries are left.", "1 try is left. The next wrong try locks it."):
        code, said = enters_wrong_puk(computer)
        assert code == 5
        assert f"The PUK is wrong. {left}" in said
        assert "One try was spent." in said

    spared = computer.asks("--way", "puk").ends()
    assert spared.code == 5
    assert "Only one try of the PUK is left, so it was not tried." in spared.said
    assert locked.device.tries("puk") == 1

    code, said = enters_wrong_puk(computer, "--use-last-try")
    assert "The PUK is wrong. It is locked now." in said
    assert computer.runs(puk=PUK, new_pin=NEW_PIN).error["code"] == "pin-locked"


def enters_wrong_puk(computer: Computer, *options: str) -> Left:
    screen = computer.asks("--way", "puk", *options)
    screen.answers("PUK:", "1234567890")
    screen.answers("New user PIN:", NEW_PIN)
    screen.answers("once more:", NEW_PIN)
    return screen.ends()


@of(JACARTA_GOST2)
def test_how_the_puk_stands_is_told_before_it_is_asked_for(
    computer: Computer, locked: Locked
) -> None:
    locked.device.set("puk.tries", 2, slot=0)

    computer.asks("--way", "puk").reads("PUK: tries left: 2")


@of(JACARTA_GOST2)
def test_a_wrong_puk_in_a_file_says_the_same_to_a_program(
    computer: Computer, locked: Locked
) -> None:
    error = computer.runs(puk="1234567890", new_pin=NEW_PIN).error

    assert error["code"] == "pin-incorrect"
    assert (error["facts"]["role"], error["facts"]["tries_left"]) == ("PUK", 9)
    assert locked.device.tries("puk") == 9


@of(JACARTA_GOST2)
def test_a_weak_new_pin_costs_no_try_of_the_puk(computer: Computer, locked: Locked) -> None:
    assert computer.runs(puk=PUK, new_pin="12345678").error["code"] == "pin-refused"

    assert locked.device.tries("puk") == 10


# --- the PIN is kept ------------------------------------------------------------------------------


@of(PKI_BY_PIN)
def test_the_administrators_pin_keeps_the_users(computer: Computer, locked: Locked) -> None:
    screen = computer.asks("--keep-pin")
    screen.answers("SO PIN:", SO_PIN)
    code, said = screen.ends()

    assert code == 0
    assert "is unblocked and keeps its user PIN" in said
    assert "New user PIN" not in screen.everything
    locked.signs(Secret(USER_PIN))


@of(PKI_BY_PIN)
def test_the_administrators_pin_in_a_file_keeps_the_users(
    computer: Computer, locked: Locked
) -> None:
    ended = computer.runs("--keep-pin", so_pin=SO_PIN)

    assert (ended.document["way"], ended.document["pin"]["state"]) == ("so-pin", "ok")
    locked.signs(Secret(USER_PIN))


@of(JACARTA_PKI, JACARTA_GOST2)
def test_a_response_keeps_the_pin(computer: Computer, locked: Locked) -> None:
    screen = computer.asks("--remote", "--keep-pin")
    shown = read_out(screen)
    screen.types(locked.answer(shown.data).reveal_text())
    code, said = screen.ends()

    assert code == 0
    assert "is unblocked and keeps its user PIN" in said
    assert "New user PIN" not in screen.everything
    locked.signs(Secret(USER_PIN))


@of(JACARTA_PRO, ETOKEN)
@pytest.mark.parametrize("way", ["challenge", "so-pin"])
def test_a_token_that_cannot_keep_its_pin_says_so_before_anything_is_asked(
    computer: Computer, locked: Locked, way: str
) -> None:
    code, said = computer.asks("--way", way, "--keep-pin").ends()

    assert code == 12
    assert "and keep the user PIN; what it can do is: unblock with the SO PIN and set a new" in said
    assert computer.runs("--way", way, "--keep-pin", so_pin=SO_PIN).code == 12
    assert locked.device.tries("so") == 5


@of(JACARTA_GOST2)
def test_a_puk_cannot_keep_the_pin_and_a_response_cannot_set_one(
    computer: Computer, locked: Locked
) -> None:
    can = "unblock with a PUK and set a new user PIN, unblock by Request and Response and keep"
    for options in (("--way", "puk", "--keep-pin"), ("--remote",)):
        code, said = computer.asks(*options).ends()
        assert code == 12
        assert f"what it can do is: {can} the user PIN." in said
    assert locked.device.tries("puk") == 10
