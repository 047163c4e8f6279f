"""PIN, one-time password and file password: nowhere once they were used, or the wizard left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bank_side import PASSWORD, bank, credentials, order
from lockwright_testkit.sim.simulator import USER_PIN
from opened_window import Opened
from searched_memory import can_be_searched, times
from window_home import Home

OpenWindow = Callable[..., Opened]


def test_secrets_of_an_order_are_gone_once_it_is_done(home: Home, open_window: OpenWindow) -> None:
    home.token("etoken", label="Anna Petrova")
    with bank(home), open_window(home, lang="en") as window:
        if not can_be_searched(window.pid):
            pytest.skip("the memory of a process that forbids dumps is read by root alone")
        window.wait_for("The token is in order")
        order(window)
        window.wait_for("The certificate is written")
        assert times(window.pid, USER_PIN) == [0]
        assert times(window.pid, PASSWORD) == [0]


def test_one_time_password_is_gone_once_the_wizard_is_left(
    home: Home, open_window: OpenWindow
) -> None:
    home.token("etoken", label="Anna Petrova")
    with bank(home), open_window(home, lang="en") as window:
        if not can_be_searched(window.pid):
            pytest.skip("the memory of a process that forbids dumps is read by root alone")
        window.wait_for("The token is in order")
        window.press("Get a new certificate")
        window.wait_for("What will be done")
        window.press("Next")
        credentials(window, PASSWORD)
        window.wait_for("Kind of storage")
        assert times(window.pid, PASSWORD) == [1]
        window.press("Back")
        window.wait_for("Login and one-time password")
        assert times(window.pid, PASSWORD) == [0]
        window.type(PASSWORD)
        window.press("Next")
        window.wait_for("Kind of storage")
        window.press("Cancel")
        window.wait_until_gone("Kind of storage")
        assert times(window.pid, PASSWORD) == [0]
