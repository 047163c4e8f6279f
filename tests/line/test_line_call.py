"""Unblocking over the line: a locked token at a terminal, the bank's desk, keeper and HSM."""

from __future__ import annotations

import time

from client import Computer
from desk_home import Server
from line_bank import LineBank, Operator
from line_window import SetDesk, asks, number_in, of_desk
from locked_token import Locked
from lockwright import Secret


def test_the_response_comes_into_the_window_by_itself_and_nobody_else_can_read_it(
    registered: Locked,
    computer: Computer,
    bank: LineBank,
    desk: Server,
    operator: Operator,
    set_desk: SetDesk,
) -> None:
    set_desk(of_desk(desk))
    begun = time.monotonic()
    screen, read = asks(computer)
    response = registered.answer(read.data).reveal_text().upper().replace(" ", "")
    case = operator.until_ready(number_in(read), read.words)

    page = operator.does(case, "send")

    screen.reads("Olga answered for the bank")
    code, said = screen.ends()
    took = time.monotonic() - begun
    assert (code, "has a new user PIN" in said) == (0, True), said
    registered.signs(Secret(registered.kind.pin))
    print(f"over the line: {took:.1f} s, {operator.clicks} forms")  # noqa: T201  # `-s` shows it
    assert (bank.lines()[-1].ended_why, bank.lines()[-1].sealed) == ("received", None)
    _nowhere(response, bank, read.data, page)


def test_a_desk_with_another_key_is_told_nothing_and_the_request_is_dictated(
    registered: Locked,
    computer: Computer,
    bank: LineBank,
    desk: Server,
    set_desk: SetDesk,
) -> None:
    set_desk(of_desk(desk) + f'\npin = ["sha256:{"0" * 64}"]')
    before = len(bank.lines())

    screen, read = asks(computer)

    assert "is not trusted as the bank's help desk" in read.said
    assert "Nothing was sent to it" in read.said
    assert "read the Request out" in read.said
    assert len(bank.lines()) == before
    screen.types(registered.answer(read.data).reveal_text())
    assert screen.ends()[0] == 0


def _nowhere(response: str, bank: LineBank, request: bytes, page: str) -> None:
    """Neither the database nor the trail nor the operator's page has a Response."""
    places = [bank.home.folder / "desk.db", bank.home.folder / "desk.db-wal"]
    written = b"".join(each.read_bytes() for each in places if each.exists())
    written += bank.home.settings.audit.read_bytes() + page.encode()
    assert request in written  # what is looked for would be found
    groups = " ".join(response[at : at + 4] for at in range(0, len(response), 4))
    for form in (response.encode(), groups.encode(), bytes.fromhex(response)):
        assert form not in written
