"""``lockwright respond --desk``: an operator's terminal, the bank's desk, its HSM, no key."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from itertools import chain

from at_desk import Caller, Workplace, given, grounds, run
from desk_home import Server
from jsonschema import Draft202012Validator
from line_bank import LineBank
from lockwright_desk.signin.roles import Role
from lockwright_desk.store.tables.cases import CaseState
from lockwright_desk.store.tables.register import TokenState
from lockwright_testkit.pseudo_terminal import Terminal

SCHEMAS = files("lockwright.cli") / "schemas"


def test_a_whole_call_at_a_terminal_asks_again_what_was_misheard(
    bank: LineBank, workplace: Workplace, caller: Caller, terminal: Terminal
) -> None:
    screen = terminal(workplace.program, "respond", "--desk")
    screen.answers("Serial number or its last digits", "FFFFFFFF")
    screen.answers("Serial number or its last digits", caller.serial[-6:])
    assert "+7 495 123-45-67" in screen.answers("Which one is meant?", "1")
    screen.answers("Request:", caller.reads[:-1] + "X")
    screen.reads("character 4 of group 4")
    screen.answers("Request:", caller.reads)
    said = screen.answers("The two words as you hear them", "0000 0000")
    assert caller.check.digits not in said
    screen.answers("Enter alone leaves it as it is", "")
    screen.answers("The two words as you hear them", caller.check.words("ru"))
    grounds(screen)
    shown = screen.answers("Did it work? [y/n/c]", "y")
    code, _said = screen.ends()

    assert code == 0
    assert " ".join(re.findall("....", caller.response)) in shown
    case = caller.case()
    assert (case.state, case.opened_by) == (CaseState.WORKED, workplace.name)
    assert caller.response not in bank.home.settings.audit.read_text()


def test_a_program_gives_everything_at_once_and_closes_the_case_later(
    workplace: Workplace, caller: Caller
) -> None:
    answered = run(workplace, *chain(*given(caller).items()))
    assert answered.code == 0, answered
    number = answered.document["case"]
    closed = run(workplace, "--case", number, "--outcome", "failed")

    assert answered.document["response"] == caller.response
    assert (answered.document["state"], closed.document["state"]) == ("answered", "failed")
    for name, each in (("respond", answered), ("respond-case", closed)):
        schema = json.loads((SCHEMAS / f"{name}.json").read_text())
        Draft202012Validator(schema).validate(each.document)
    assert "lockwright respond --desk --case" not in closed.err


def test_what_can_be_no_number_of_a_case_is_refused_before_the_desk_is_asked(
    workplace: Workplace,
) -> None:
    for number in ("abc", "4827-193", "4827-1930-1"):
        refused = run(workplace, "--case", number)
        assert (refused.code, "such as 4827-1930" in refused.out) == (2, True), refused
    nobody = run(workplace, "--case", "1000-0001")
    assert (nobody.code, "no case 1000-0001." in nobody.out) == (15, True), nobody


def test_the_terminal_waits_for_the_second_person_who_decides_at_the_page(
    bank: LineBank, desk: Server, workplace: Workplace, terminal: Terminal
) -> None:
    caller = Caller(bank, TokenState.SUSPENDED)
    options = chain(*given(caller).items())
    screen = terminal(workplace.program, "respond", "--desk", *options)
    screen.reads("the token is suspended")
    vera = bank.operator("vera", desk, Role.APPROVER)
    vera.does(f"/desk/cases/{caller.case().number}", "decision", decision="agree")

    shown = screen.answers("Did it work? [y/n/c]", "")

    assert " ".join(re.findall("....", caller.response)) in shown
    assert screen.ends().code == 0
    assert caller.case().state == CaseState.ANSWERED


def test_a_desk_with_another_key_is_told_nothing(bank: LineBank, workplace: Workplace) -> None:
    workplace.set(f'pin = ["sha256:{"0" * 64}"]')
    before = bank.home.settings.audit.read_text().count(workplace.name)

    refused = run(workplace, *chain(*given(Caller(bank)).items()))

    assert (refused.code, refused.document["error"]["code"]) == (15, "help-desk-untrusted")
    assert bank.home.settings.audit.read_text().count(workplace.name) == before


def test_what_is_needed_to_sign_in_is_told(
    bank: LineBank, workplace: Workplace, caller: Caller
) -> None:
    everything = [*chain(*given(caller).items())]
    workplace.set(signs_in=False)
    assert run(workplace, *everything).document["error"]["code"] == "help-desk-unset"
    workplace.set()
    workplace.files[1].chmod(0o644)
    assert run(workplace, *everything).document["error"]["code"] == "secret-file-exposed"
    workplace.files[1].chmod(0o600)
    assert run(workplace, *everything[2:]).code == 2
    assert run(workplace, *everything, "--key-file", "admin.key").code == 2
    assert run(workplace, *everything, "--outcome", "worked").code == 2
    assert workplace.program.run("respond", "--case", "1").code == 2
    refused = run(workplace, *everything[2:], "--serial", "0B54")
    assert refused.document["error"]["facts"]["desk_code"] == "several-tokens"
