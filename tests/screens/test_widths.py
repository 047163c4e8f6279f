"""Every table on terminals of every width, in both languages: what is copied is in one piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from lockwright.console.wrapping import cells
from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.softhsm import SoftHSM
from lockwright_testkit.widths import told_whole

PIN = ("--pin-file", "user.pin")


class Looks:
    """Runs a command at every width."""

    def __init__(self, program: Program, terminal: Terminal) -> None:
        self._program, self._terminal = program, terminal

    def __call__(self, command: Iterable[str], copied: Iterable[str], *, code: int = 0) -> None:
        told_whole(
            lambda language, size: self._terminal(
                self._program, *command, "--lang", language, size=size
            ),
            copied,
            cells,
            code=code,
        )


@pytest.fixture
def looks(program: Program, terminal: Terminal) -> Looks:
    return Looks(program, terminal)


def contents(document: Any) -> Iterator[str]:
    """Ids, labels and dates of what is on a token, but for what may be broken."""
    for container in document["containers"]:
        yield container["id"]
        yield from (each["not_after"][:10] for each in container["certificates"])
    for each in (*document["containers"], *document["objects"]):
        yield from (word for word in each["label"].split() if cells(word) == len(word))


def test_what_is_on_a_token_is_told_whole(
    program: Program, tokens: tuple[str, str], looks: Looks
) -> None:
    command = ("list", "--token", tokens[0], *PIN)
    there = program.run(*command, "--json").document

    looks(command, contents(there))


def test_what_is_to_go_is_told_whole(
    program: Program, tokens: tuple[str, str], looks: Looks
) -> None:
    listed = program.run("list", "--token", tokens[0], *PIN, "--json").document
    label, *ids = sorted((each["id"] for each in listed["containers"]), key=len)
    command = ("delete", label, *ids, "--dry-run", "--token", tokens[0], *PIN)
    plan = program.run(*command, "--json").document["plan"]

    looks(command, [*contents(plan), plan["digest"]])


def test_tokens_are_told_whole(tokens: tuple[str, str], looks: Looks) -> None:
    looks(("tokens", "--verbose"), {*tokens, "日本銀行の鍵", "Анна"})


def test_plugins_and_their_answers_are_told_whole(program: Program, looks: Looks) -> None:
    found = program.run("plugins", "--json").document["plugins"]
    hooks = {hook for each in found for hook in each["answers"]}

    looks(("plugins", "--verbose"), {each["version"] for each in found} | hooks)


def test_places_for_a_certificate_are_told_whole(looks: Looks, program: Program) -> None:
    looks(
        ("storages",),
        {each["kind"] for each in program.run("storages", "--json").document["storages"]},
    )


def test_what_the_doctor_found_is_told_whole(
    program: Program, softhsm: SoftHSM, tokens: tuple[str, str], looks: Looks
) -> None:
    looks(("doctor",), {*tokens, str(softhsm.module)})


def test_rules_for_a_pin_are_told_at_any_width(looks: Looks) -> None:
    looks(("policy", "show"), {"8"})


def test_what_is_unfinished_is_told_whole(
    program: Program, softhsm: SoftHSM, bank: EstServer, looks: Looks
) -> None:
    token = softhsm.add_token("Anna")
    bank.script("simpleenroll", Reply(202, b"Wait.", {"Retry-After": "3600"}))
    order = ("enroll", "--ca", "bank", "--login", "anna", "--otp-file", "otp", *PIN)
    assert program.run(*order).code == 17
    (entry,) = program.run("enroll", "--status", "--json").document["unfinished"]

    looks(("enroll", "--status"), {token.serial, entry["begun"][:10], "East"})


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_question_on_a_narrow_terminal_breaks_no_serial_number(
    program: Program, tokens: tuple[str, str], terminal: Terminal, language: str
) -> None:
    command = ("wipe", *PIN, "--token", tokens[0], "--lang", language)
    screen = terminal(program, *command, size=(40, 40))
    screen.reads(f"type the serial number {tokens[0]}:", f"введите серийный номер {tokens[0]}:")
    screen.types("no")

    assert screen.ends().code == 1
    assert all(cells(line) <= 40 or len(line.split()) == 1 for line in screen.lines)
