"""Unblocking over the line: a locked token at a terminal, the bank's desk, keeper and HSM."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from client import Computer, of
from desk_home import Server
from kinds import IDPRIME, JACARTA_PKI
from line_bank import LineBank, Operator
from locked_token import Locked
from lockwright import Secret
from lockwright.spoken import request_check
from lockwright_testkit.pseudo_terminal import Screen
from telephone import ReadOut, read_out

SetDesk = Callable[[str], None]


def of_desk(desk: Server) -> str:
    """``[desk]`` for a desk that is trusted by its CA."""
    return f'url = "{desk.url}"\nca = ["{desk.ca}"]'


def asks(computer: Computer, *options: str) -> tuple[Screen, ReadOut]:
    """``unblock`` as far as the question for the Response."""
    screen = computer.asks("--remote", *options)
    screen.answers("New user PIN:", computer.locked.kind.pin)
    screen.answers("once more:", computer.locked.kind.pin)
    return screen, read_out(screen)


def number_in(read: ReadOut) -> str:
    """The number on the line, as it is read out."""
    found = re.search(r"Number on the line: (\d{3}-\d{3})", read.said)
    assert found, read.said
    return found[1]


@of(JACARTA_PKI, IDPRIME)
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
