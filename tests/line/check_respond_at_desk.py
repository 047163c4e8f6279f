"""``respond --desk``, further: cases that were left or refused, keys with a password."""

from __future__ import annotations

import json
import re
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


def test_ctrl_c_at_any_question_leaves_a_case_that_is_gone_on_with(
    bank: LineBank, workplace: Workplace, caller: Caller, terminal: Terminal
) -> None:
    reads, words = caller.reads, caller.check.words("ru")
    grounds = [("Why is it answered?", "PIN forgotten"), ("Number of the call", "INC-4711")]
    screen = terminal(workplace.program, "respond", "--desk", "--serial", caller.serial)
    for answered in (
        [("Which one is meant?", "1")],
        [("Request:", reads)],
        [("The two words as you hear them", words)],
        grounds[:1],
        grounds,
        [("Did it work? [y/n/c]", "y")],
    ):
        *before, last = answered
        for question, said in before:
            screen.answers(question, said)
        screen.reads(last[0])
        screen.presses(CTRL_C)
        code, told = screen.ends()
        number = caller.case().number
        assert (code, f"--case {number[:4]}-{number[4:]}" in told) == (130, True), told
        screen = terminal(workplace.program, "respond", "--desk", "--case", number)
        if answered != grounds[:1]:  # reason and ticket are noted together
            for question, said in answered:
                screen.answers(question, said)

    assert screen.ends().code == 0
    assert caller.case().state == CaseState.WORKED
    assert first_answers(bank, caller.case().number) == 1


def test_a_desk_that_is_killed_between_two_questions_answers_once_when_it_is_back(
    tmp_path: Path, bank: LineBank, caller: Caller, terminal: Terminal
) -> None:
    response = " ".join(re.findall("....", caller.response))
    with bank.serving() as first:
        workplace = Workplace(tmp_path, bank, first)
        screen = terminal(workplace.program, "respond", "--desk", "--serial", caller.serial)
        screen.answers("Which one is meant?", "1")
        screen.answers("Request:", caller.reads)
        screen.answers("The two words as you hear them", caller.check.words("en"))
        screen.answers("Why is it answered?", "PIN forgotten")
        first.process.kill()
        screen.answers("Number of the call", "INC-4711")
        code, told = screen.ends()
        number = caller.case().number
        assert (code, f"--case {number[:4]}-{number[4:]}" in told) == (15, True), told
        assert first_answers(bank, number) == 0
    with bank.serving(first.port) as second:
        screen = terminal(workplace.program, "respond", "--desk", "--case", number)
        grounds(screen)
        assert response in screen.reads("Did it work? [y/n/c]").before
        second.process.kill()
        screen.types("y")
        code, told = screen.ends()
        assert (code, f"--case {number[:4]}-{number[4:]}" in told) == (15, True), told
    with bank.serving(first.port):
        screen = terminal(workplace.program, "respond", "--desk", "--case", number)
        assert response in screen.answers("Did it work? [y/n/c]", "y")
        assert screen.ends().code == 0
    assert caller.case().state == CaseState.WORKED
    assert first_answers(bank, number) == 1


def first_answers(bank: LineBank, number: str) -> int:
    """How often a case was answered, but for the same answer once more."""
    trail = bank.home.settings.audit.read_text().splitlines()
    told = [json.loads(line) for line in trail if '"desk_case_answer"' in line]
    begun = {each["id"] for each in told if each["facts"].get("case") == number}
    return sum(each["id"] in begun and each["facts"].get("again") is False for each in told)
