"""A certificate that is not got at once: what is told, what is asked anew, and what is kept."""

from __future__ import annotations

from collections.abc import Callable

from bank_side import CONTACT, LOGIN, PASSWORD, bank, credentials, journal, order, typed
from caller import pastes
from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.sim.simulator import USER_PIN
from opened_window import Opened
from window_home import Home

OpenWindow = Callable[..., Opened]


def test_wrong_one_time_password_is_told_at_once_and_tried_three_times(
    home: Home, open_window: OpenWindow
) -> None:
    home.token("etoken", label="Anna Petrova")
    with bank(home), open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        order(window, "Wrong-Word-1")
        for number in (1, 2):
            window.wait_for(f"attempt {number} of 3")
            assert "did not accept the login and the one-time password" in window.words()
            assert CONTACT in window.words()
            assert journal(home) == []
            window.press("Try again")
            window.wait_for("One-time password")
            assert typed(window, "Login") == LOGIN
            assert not typed(window, "One-time password")
            credentials(window, "Wrong-Word-1")
            window.wait_for("Kind of storage")
            window.press("Next")
            window.wait_for("Choice of the device")
            window.wait_for("User PIN")
            window.type(USER_PIN)
            window.press("Next")
        window.wait_for("attempt 3 of 3")
        assert window.find("Try again") is None
        assert f"Call {CONTACT} and say:" in window.words()
        assert "error ca-login-refused, login anna" in window.words()
        window.press("Close")
        window.wait_for("The token is in order")
        assert window.errors == ""


def test_login_that_is_pasted_with_the_end_of_its_line_is_the_login(
    home: Home, open_window: OpenWindow
) -> None:
    """Qt 6.12 keeps the break, and shows a blank: ``findings/qlineedit-line-break.sh``."""
    home.token("etoken", label="Anna Petrova")
    with bank(home) as server, open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        window.press("Get a new certificate")
        window.wait_for("What will be done")
        window.press("Next")
        window.wait_for("One-time password")
        pastes(window, f"{LOGIN}\n")
        window.until(lambda: typed(window, "Login") != "", why="nothing was pasted")
        window.type(PASSWORD, into="One-time password")
        window.press("Next")
        window.wait_for("Kind of storage")
        window.press("Next")
        window.wait_for("Choice of the device")
        window.wait_for("User PIN")
        window.type(USER_PIN)
        window.press("Next")
        window.wait_for("The certificate is written")
        assert server.operations().count("simpleenroll") == 1


def test_wrong_pin_is_asked_again_and_the_password_is_not(
    home: Home, open_window: OpenWindow
) -> None:
    token = home.token("etoken", label="Anna Petrova")
    with bank(home) as server, open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        order(window, pin="Wrong-Pin-1")
        window.wait_for("The user PIN is wrong")
        assert server.operations().count("simpleenroll") == 0
        window.type(USER_PIN, into="User PIN")
        window.press("Next")
        window.wait_for("The certificate is written")
        assert token.tries() > 1
        assert window.errors == ""


def test_bank_that_is_away_is_told_before_anything_is_asked(
    home: Home, open_window: OpenWindow
) -> None:
    home.token("etoken", label="Anna Petrova")
    with bank(home) as server:
        url = server.url
    with open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        window.press("Get a new certificate")
        window.wait_for("What will be done")
        window.press("Next")
        window.wait_for("cannot be reached")
        assert url.rpartition(":")[2] in window.words()
        assert window.find("One-time password") is None
        assert window.errors == ""


def test_bank_that_takes_its_time_is_waited_for_with_the_time_shown(
    home: Home, open_window: OpenWindow
) -> None:
    home.token("etoken", label="Anna Petrova")
    with bank(home) as server, open_window(home, lang="en") as window:
        server.script("simpleenroll", Reply(202, headers={"Retry-After": "3"}))
        window.wait_for("The token is in order")
        order(window)
        window.wait_for("Asking again at")
        assert "Waiting for the bank to decide" in window.words()
        window.wait_for("The certificate is written")
        assert window.errors == ""


def waits_long(server: EstServer) -> None:
    """The bank wants an hour."""
    server.script("simpleenroll", Reply(202, headers={"Retry-After": "3600"}))


def test_bank_that_wants_an_hour_leaves_an_order_that_is_undone(
    home: Home, open_window: OpenWindow
) -> None:
    home.token("etoken", label="Anna Petrova")
    with bank(home) as server, open_window(home, lang="en") as window:
        waits_long(server)
        window.wait_for("The token is in order")
        order(window)
        window.wait_for("The bank has not decided yet")
        window.press("Close")
        window.wait_for("was begun and is not finished")
        window.press("Go on or undo it…")
        window.wait_for("The new key pair, and the certificate if there is one, are removed.")
        window.press("Undo it")
        window.press("Next")
        window.type(USER_PIN, into="User PIN")
        window.press("Undo it")
        window.wait_for("It is undone")
        assert "is removed" in window.words()
        window.press("Done")
        window.wait_until_gone("was begun and is not finished")
        assert journal(home) == []
        assert window.errors == ""


def test_waiting_that_is_stopped_is_gone_on_with_at_the_next_start(
    home: Home, open_window: OpenWindow
) -> None:
    home.token("etoken", label="Anna Petrova")
    with bank(home) as server:
        server.script("simpleenroll", Reply(202, headers={"Retry-After": "15"}))
        with open_window(home, lang="en") as window:
            window.wait_for("The token is in order")
            order(window)
            window.wait_for("Asking again at")
            window.press("Stop")
            window.wait_for("Stopped, as you wished.")
            window.press("Close")
            window.wait_for("was begun and is not finished")
            window.close()
            assert window.ended() == 0
            assert window.errors == ""
        assert [each["step"] for each in journal(home)] == ["waiting"]
        with open_window(home, lang="en") as window:
            window.wait_for("was begun and is not finished")
            window.press("Go on or undo it…")
            window.press("Next")
            window.type(PASSWORD, into="One-time password")
            window.type(USER_PIN, into="User PIN")
            window.press("Next")
            window.wait_for("The certificate is written", seconds=60)
            assert window.errors == ""
        assert journal(home) == []
