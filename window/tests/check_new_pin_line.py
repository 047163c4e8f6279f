"""Over the line to the bank's help desk: a number, two words, and the Response comes by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from caller import Caller, caller, chooses_pin, closes, read_out
from desk_home import Server
from kinds import JACARTA_PKI
from line_bank import LineBank, Operator
from line_window import of_desk
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from window_home import Home

Opens = Callable[..., Opened]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LineBank]:
    """The bank, its keeper at work."""
    made = LineBank.made(tmp_path_factory.mktemp("line"))
    with made.keeping():
        yield made


@pytest.fixture(scope="module")
def desk(bank: LineBank) -> Iterator[Server]:
    """Its desk, which serves."""
    with bank.serving() as server:
        yield server


@pytest.fixture(scope="module")
def operator(bank: LineBank, desk: Server) -> Operator:
    """Somebody at the page."""
    return bank.operator("olga", desk)


@pytest.fixture
def client(bank: LineBank, home: Home, sim: SimulatorFactory, tmp_path: Path) -> Iterator[Caller]:
    """Somebody whose JaCarta PKI is locked; the bank's register has it."""
    with caller(JACARTA_PKI, sim, home, tmp_path) as made:
        token = made.locked.token
        bank.register(token, bytes.fromhex(JACARTA_PKI.key), f"client-{token.serial}")
        yield made


def number_in(window: Opened) -> str:
    """The number on the line, once it is there."""
    window.wait_for("Number on the line: ")
    found = re.search(r"Number on the line: (\d{3}-\d{3})", window.words())
    assert found
    return found[1]


def asks(window: Opened) -> None:
    """As far as the Request."""
    window.press("Set a new user PIN")
    window.wait_for("Setting the user PIN")
    chooses_pin(window)


def test_the_response_comes_by_itself_and_who_answered_is_told(
    client: Caller, desk: Server, operator: Operator, open_window: Opens
) -> None:
    client.home.configure(f"[desk]\n{of_desk(desk)}\n")
    with open_window(client.home) as window:
        asks(window)
        number = number_in(window)
        assert "The Response comes into this window by itself." in window.words()
        case = operator.until_ready(number, read_out(window).words)
        operator.does(case, "send")
        window.wait_for("The PIN is set, the token is unblocked")
        assert "Olga answered for the bank." in window.words()
        assert window.clicks == 1
        assert window.errors == ""
    client.works()


def test_a_desk_that_is_not_reached_leaves_dictation_and_says_so(
    client: Caller, desk: Server, open_window: Opens
) -> None:
    client.home.configure(f"[desk]\n{of_desk(desk).replace(str(desk.port), '9')}\n")
    with open_window(client.home) as window:
        asks(window)
        read = read_out(window)
        window.wait_for("The bank's help desk is not reached")
        assert "Call the bank and read the Request out" in window.words()
        window.type(client.answer(read))
        window.press("OK")
        window.wait_for("The PIN is set, the token is unblocked")
    client.works()


def test_a_request_that_is_given_up_is_called_off_at_the_desk(
    client: Caller, bank: LineBank, desk: Server, open_window: Opens
) -> None:
    client.home.configure(f"[desk]\n{of_desk(desk)}\n")
    with open_window(client.home) as window:
        asks(window)
        number_in(window)
        window.press("Cancel")
        window.press("Close all the same")
        window.wait_until_gone("Request/Response")
        window.until(lambda: bank.lines()[-1].ended_why == "called-off")

        asks(window)
        number_in(window)
        window.close()
        window.press("Close all the same")
        window.wait_until_gone("Request/Response")
        closes(window)
        assert window.ended() == 0
        assert bank.lines()[-1].ended_why == "called-off"
        assert window.errors == ""


def test_a_case_that_the_bank_ends_is_told_and_the_request_can_still_be_dictated(
    client: Caller, desk: Server, operator: Operator, open_window: Opens
) -> None:
    client.home.configure(f"[desk]\n{of_desk(desk)}\n")
    with open_window(client.home) as window:
        asks(window)
        case = operator.takes(number_in(window))
        operator.does(case, "outcome", outcome="call-off", why="another call")
        window.wait_for("waits with this Request no more")
        assert "Number on the line" not in window.words()
        read = read_out(window)
        window.keys("F8")
        window.wait_for("больше не ведёт этот Запрос")
        window.type(client.answer(read))
        window.press("ОК")
        window.wait_for("PIN-код установлен, токен разблокирован")
    client.works()
