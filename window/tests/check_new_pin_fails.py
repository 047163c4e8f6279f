"""What goes wrong between Request and Response: each ends in a sentence; a new Request works."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from caller import Caller, caller, chooses_pin, clipboard, closes, pastes, pause, read_out, types
from kinds import JACARTA_PKI
from lockwright.models import PinState
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from window_home import Home

Opens = Callable[..., Opened]


@pytest.fixture
def client(home: Home, sim: SimulatorFactory, tmp_path: Path) -> Iterator[Caller]:
    """Somebody whose JaCarta PKI is locked."""
    with caller(JACARTA_PKI, sim, home, tmp_path) as made:
        yield made


def asks(window: Opened) -> None:
    """As far as the Request."""
    window.press("Set a new user PIN")
    window.wait_for("Setting the user PIN")
    chooses_pin(window)


def answers(window: Opened, response: str) -> None:
    """Type a Response and give it to the token."""
    window.type(response)
    window.press("OK")


def test_wrong_response_says_what_it_cost_and_one_press_makes_the_next_request(
    client: Caller, open_window: Opens
) -> None:
    with open_window(client.home) as window:
        asks(window)
        first = read_out(window)
        answers(window, "0" * 16)
        window.wait_for("The Response is wrong")
        assert "the Request is void" in window.words()
        pause()
        window.press("Make a new Request")
        second = read_out(window)
        assert second.request != first.request
        answers(window, client.answer(second))
        window.wait_for("The PIN is set, the token is unblocked")
        assert window.errors == ""
    client.works()


def test_each_wrong_place_is_shown_while_it_is_typed_and_look_alikes_are_read(
    client: Caller, open_window: Opens
) -> None:
    with open_window(client.home) as window:
        asks(window)
        read = read_out(window)
        window.type("12 3G4")
        window.wait_for("Character 4 of group 1 is «G»")
        assert not window.field("OK").enabled
        window.keys("ctrl+a", "BackSpace")
        response = client.answer(read)
        window.type(response[:-1] + ("1" if response[-1] != "1" else "2"))
        window.wait_for("Its check does not fit")
        assert not window.field("OK").enabled
        window.keys("BackSpace")
        window.wait_for("4 of 5 characters of the check")
        window.keys("ctrl+a")
        heard = response.lower().replace("0", "O").replace("a", "а").replace(" ", "-")
        window.type(heard.replace("c", "с"))
        window.wait_for("The check behind it fits")
        window.press("OK")
        window.wait_for("The PIN is set, the token is unblocked")
    client.works()


def test_a_response_is_pasted_as_the_bank_sent_it(client: Caller, open_window: Opens) -> None:
    with open_window(client.home) as window:
        asks(window)
        response = client.answer(read_out(window))
        pastes(window, "\n".join(response.split(" ", 2)))
        window.wait_for("The check behind it fits")
        window.keys("Return")
        window.wait_for("The PIN is set, the token is unblocked")


def test_what_nobody_sees_in_a_message_is_left_out_and_what_is_no_response_is_told(
    client: Caller, open_window: Opens
) -> None:
    with open_window(client.home) as window:
        asks(window)
        response = client.answer(read_out(window))
        types(window)
        pastes(window, "0" * 600)
        window.wait_for("That is no Response, so nothing of it was taken.")
        assert not window.field("OK").enabled
        pastes(window, "\ufeff\u200e" + response.replace(" ", "\u00a0\u200b") + "\u200f\r\n")
        window.wait_for("The check behind it fits")
        assert "nothing of it was taken" not in window.words()
        window.keys("Return")
        window.wait_for("The PIN is set, the token is unblocked")


def test_copy_gives_what_is_read_out(client: Caller, open_window: Opens) -> None:
    with open_window(client.home) as window:
        asks(window)
        read = read_out(window)
        window.press("Copy")
        window.wait_for("Copied")
        assert clipboard(window).splitlines() == [
            f"Request: {read.request}",
            f"Check: {read.words} ({read.digits})",
            f"Serial number: {read.serial}",
        ]


def test_closing_asks_says_what_is_lost_and_lets_the_token_go(
    client: Caller, open_window: Opens
) -> None:
    with open_window(client.home) as window:
        asks(window)
        first = read_out(window)
        window.keys("Escape")
        window.wait_for("the Request is void: a Response that the bank gives then is of no use")
        window.press("Stay here")
        window.wait_until_gone("Stay here")
        assert read_out(window) == first
        window.press("Cancel")
        window.press("Close all the same")
        window.wait_until_gone("Request/Response")
        assert client.locked.state() is PinState.LOCKED
        asks(window)
        second = read_out(window)
        answers(window, client.answer(second))
        window.wait_for("The PIN is set, the token is unblocked")


def test_closing_the_main_window_asks_too(client: Caller, open_window: Opens) -> None:
    with open_window(client.home) as window:
        asks(window)
        read_out(window)
        window.close()
        window.press("Close all the same")
        window.wait_until_gone("Request/Response")
        closes(window)
        assert window.ended() == 0
        assert window.errors == ""


def test_time_that_is_over_says_so_and_forgets_the_new_pin(
    client: Caller, open_window: Opens
) -> None:
    client.home.configure("[deadlines]\nresponse = 4\n")
    with open_window(client.home) as window:
        asks(window)
        first = read_out(window)
        window.wait_for("⚠ Only 0:01 left!", "⚠ Only 0:00 left!")
        window.wait_for("the time for its Response is over")
        assert "No try was spent, but the Request is void" in window.words()
        client.home.configure("")
        pause()
        window.press("Make a new Request")
        window.wait_for("Setting the user PIN")
        chooses_pin(window)
        assert read_out(window).request != first.request


def test_a_computer_that_slept_past_the_time_says_so_when_it_wakes(
    client: Caller, open_window: Opens
) -> None:
    client.home.configure("[deadlines]\nresponse = 6\n")
    with open_window(client.home) as window:
        asks(window)
        read_out(window)
        asleep = (window.pid, *window.family)
        for each in asleep:
            os.kill(each, signal.SIGSTOP)
        time.sleep(6)
        for each in reversed(asleep):
            os.kill(each, signal.SIGCONT)
        window.wait_for("the time for its Response is over")
        assert window.errors == ""


def test_a_token_that_is_pulled_out_is_told_at_once_and_can_be_put_back(
    client: Caller, open_window: Opens
) -> None:
    device = client.locked.device
    with open_window(client.home) as window:
        asks(window)
        read_out(window)
        device.unplug()
        window.wait_for(f"The token {client.locked.token.serial} was removed")
        assert "the Request is void" in window.words()
        device.plug()
        pause()
        window.press("Make a new Request")
        window.wait_for("Setting the user PIN")
        chooses_pin(window)
        answers(window, client.answer(read_out(window)))
        window.wait_for("The PIN is set, the token is unblocked")
    client.works()


def test_another_language_leaves_the_request_and_what_was_typed(
    client: Caller, open_window: Opens
) -> None:
    with open_window(client.home) as window:
        asks(window)
        read = read_out(window)
        response = client.answer(read)
        window.type(response[:9])
        window.keys("F8")
        window.wait_for("Запрос/Ответ")
        russian = read_out(window)
        assert (russian.request, russian.digits) == (read.request, read.digits)
        assert re.fullmatch("[а-я]+ [а-я]+", russian.words)
        window.type(response[9:])
        window.wait_for("Проверка за ним сходится")
        window.press("ОК")
        window.wait_for("PIN-код установлен, токен разблокирован")
    client.works()


HANGS = ("JC_PKI_GetChallenge", "JC_PKI_UnlockUserPinWithResponse")


@pytest.mark.parametrize("stops", [False, True], ids=["deadline", "stopped"])
@pytest.mark.parametrize("function", HANGS)
def test_a_module_that_hangs_is_told_with_what_it_cost_and_the_next_request_works(
    client: Caller, open_window: Opens, function: str, *, stops: bool
) -> None:
    client.home.configure(f"[deadlines]\ninspect = 2\ncall = {20 if stops else 2}\n")
    with open_window(client.home) as window:
        window.press("Set a new user PIN")
        window.wait_for("Setting the user PIN")
        client.locked.device.fault(f"{function}@*=hang")
        chooses_pin(window)
        if function == HANGS[1]:
            answers(window, client.answer(read_out(window)))
        if stops:
            window.until(lambda: client.locked.device.counts().get(function, 0) > 0)
            window.press("Stop")
        window.wait_for("That did not work")
        said = window.words()
        assert ("request is void" in said.lower()) is (function == HANGS[1])
        client.locked.device.clear_faults()
        pause()
        window.press("Make a new Request" if function == HANGS[1] else "Try again")
        window.wait_for("Setting the user PIN")
        chooses_pin(window)
        answers(window, client.answer(read_out(window)))
        window.wait_for("The PIN is set, the token is unblocked")
        assert window.errors == ""
    client.works()
