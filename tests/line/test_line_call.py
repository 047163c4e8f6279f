"""Unblocking over the line: a locked token at a terminal, the bank's desk, keeper and HSM."""

from __future__ import annotations

import time

import pytest
from client import Computer
from desk_home import Server
from line_bank import LineBank, Operator
from line_window import SetDesk, asks, number_in, of_desk
from locked_token import Locked
from lockwright import Secret
from lockwright_testkit.pki import TestCa, pem


def test_the_response_comes_into_the_window_by_itself(
    registered: Locked, computer: Computer, desk: Server, operator: Operator, set_desk: SetDesk
) -> None:
    set_desk(of_desk(desk))
    begun = time.monotonic()
    screen, read = asks(computer)
    assert number_in(read).replace("-", "").isdecimal()
    case = operator.until_ready(number_in(read), read.words)

    page = operator.does(case, "send")

    assert "window" in page
    screen.reads("Olga answered for the bank")
    code, said = screen.ends()
    took = time.monotonic() - begun
    assert (code, "has a new user PIN" in said) == (0, True), said
    registered.signs(Secret(registered.kind.pin))
    print(f"over the line: {took:.1f} s")  # noqa: T201  # `-s` shows it


def test_the_sealed_response_is_unreadable_in_the_database_and_taken_out_once_received(
    registered: Locked,
    computer: Computer,
    bank: LineBank,
    desk: Server,
    operator: Operator,
    set_desk: SetDesk,
) -> None:
    set_desk(of_desk(desk))
    screen, read = asks(computer)
    response = registered.answer(read.data).reveal_text().upper()
    case = operator.until_ready(number_in(read), read.words)
    operator.does(case, "send")
    screen.ends()

    line = bank.lines()[-1]
    written = (bank.home.folder / "desk.db").read_bytes()
    wal = bank.home.folder / "desk.db-wal"
    written += wal.read_bytes() if wal.exists() else b""
    audited = bank.home.settings.audit.read_text()

    assert (line.ended_why, line.sealed) == ("received", None)
    assert read.data in written  # what is looked for would be found
    plain = response.replace(" ", "")
    spelled = " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))
    for form in (plain.encode(), spelled.encode(), bytes.fromhex(plain)):
        assert form not in written
    assert plain not in audited
    assert spelled not in audited


@pytest.mark.parametrize("wrong", ["pin", "ca"])
def test_a_desk_that_is_not_the_bank_s_is_told_nothing_and_the_request_is_dictated(
    registered: Locked,
    computer: Computer,
    bank: LineBank,
    desk: Server,
    set_desk: SetDesk,
    wrong: str,
) -> None:
    if wrong == "pin":
        set_desk(of_desk(desk) + f'\npin = ["sha256:{"0" * 64}"]')
    else:
        other = computer.program.home / "other.pem"
        other.write_bytes(pem(TestCa.root().certificate))
        set_desk(f'url = "{desk.url}"\nca = ["{other}"]')
    before = len(bank.lines())

    screen, read = asks(computer)

    assert "is not trusted as the bank's help desk" in read.said
    assert "Nothing was sent to it" in read.said
    assert "read the Request out" in read.said
    assert len(bank.lines()) == before
    screen.types(registered.answer(read.data).reveal_text())
    assert screen.ends()[0] == 0
