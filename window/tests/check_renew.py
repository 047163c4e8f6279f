"""A certificate that is due is pointed out quietly, and renewed from there."""

from __future__ import annotations

from collections.abc import Callable

from bank_side import LOGIN, PASSWORD, bank, commanded, credentials, journal
from lockwright_testkit.sim.simulator import USER_PIN
from opened_window import Opened
from window_content import put_certificate
from window_home import Home

DUE = "[warn]\ndays = 40000\n"
"""Whatever is on a token ends within so many days."""


def test_certificate_that_is_due_is_renewed_from_its_notice(
    home: Home, open_window: Callable[..., Opened]
) -> None:
    home.token("etoken", label="Anna Petrova")
    with bank(home, DUE) as server:
        order = ("enroll", "--ca", "bank", "--login", LOGIN, "--otp-file", "otp")
        commanded(home, *order, "--pin-file", "pin")
        server.forget()
        with open_window(home, lang="en") as window:
            window.wait_for("The certificate of anna on the token")
            window.press("Renew it…")
            window.wait_for("Which certificate is to be renewed?")
            window.press("Remove the old container once the new one works")
            window.press("Next")
            credentials(window, PASSWORD)
            window.wait_for("Choice of the device")
            window.type(USER_PIN)
            window.press("Next")
            window.wait_for("The certificate is written")
            assert "The old container is removed." in window.words()
            window.press("Done")
            window.wait_for("The certificate of anna on the token")
            window.press("Not now")
            window.wait_until_gone("The certificate of anna on the token")
            assert window.errors == ""
        shown = commanded(home, "list", "--pin-file", "pin")
        assert [each["state"] for each in shown["containers"]] == ["complete"]
        assert server.operations().count("simplereenroll") == 1
        assert journal(home) == []


def test_renewal_without_a_ca_says_why_it_does_not_go_on(
    home: Home, open_window: Callable[..., Opened]
) -> None:
    put_certificate(home.token(label="Anna"), "CN=" + 60 * "W")
    with open_window(home, lang="en") as window:
        window.press("Renew a certificate")
        window.wait_for("The configuration names no CA that can be asked from here")
        assert not window.field("Next").enabled
        assert window.errors == ""
