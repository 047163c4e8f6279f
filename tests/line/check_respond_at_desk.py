"""``respond --desk``, further: cases that were left or refused, keys with a password."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from at_desk import Caller, Workplace, given, grounds, run, until_words
from desk_home import Server
from line_bank import LineBank
from lockwright_desk.signin.roles import Role
from lockwright_desk.store.tables.cases import CaseState
from lockwright_desk.store.tables.register import TokenState
from lockwright_testkit.pseudo_terminal import CTRL_C, Terminal

PASSWORD = "Feldspar-7-quartz"


def test_where_nobody_waits_a_second_person_s_refusal_is_told_later(
    bank: LineBank, desk: Server, workplace: Workplace
) -> None:
    caller = Caller(bank, TokenState.SUSPENDED)
    waits = run(workplace, *chain(*given(caller).items()))
    number = caller.case().number
    boris = bank.operator("boris", desk, Role.APPROVER)
    boris.does(f"/desk/cases/{number}", "decision", decision="refuse", why="I called her")

    denied = run(workplace, "--case", number)

    assert (waits.code, waits.document["error"]["code"]) == (15, "help-desk-waits")
    error = denied.document["error"]
    assert (error["code"], error["facts"]["reason"]) == ("help-desk-denied", "I called her")


def test_a_case_that_was_left_is_gone_on_with(
    workplace: Workplace, caller: Caller, terminal: Terminal
) -> None:
    screen = terminal(workplace.program, "respond", "--desk")
    until_words(screen, caller)
    screen.reads("The two words as you hear them")
    screen.presses(CTRL_C)
    code, said = screen.ends()
    number = caller.case().number
    assert (code, f"--case {number[:4]}-{number[4:]}" in said) == (130, True), said

    again = terminal(workplace.program, "respond", "--desk", "--case", number)
    again.answers("The two words as you hear them", caller.check.words("en"))
    grounds(again)
    again.answers("Did it work? [y/n/c]", "n")

    assert again.ends().code == 0
    assert caller.case().state == CaseState.FAILED


def test_a_key_that_is_encrypted_is_opened_with_its_password(
    tmp_path: Path, bank: LineBank, desk: Server, caller: Caller
) -> None:
    workplace = Workplace(tmp_path, bank, desk, PASSWORD)
    workplace.program.secret("right", PASSWORD)
    workplace.program.secret("wrong", "Feldspar-8")
    everything = [*chain(*given(caller).items())]

    wrong = run(workplace, *everything, "--sign-in-password-file", "wrong")
    missing = run(workplace, *everything)
    right = run(workplace, *everything, "--sign-in-password-file", "right")

    assert wrong.document["error"]["code"] == "help-desk-unset"
    assert missing.document["error"]["code"] == "secret-missing"
    assert right.document["response"] == caller.response
