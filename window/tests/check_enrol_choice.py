"""What a person chooses or confirms before a certificate is ordered: the CA, and the token."""

from __future__ import annotations

import re
from collections.abc import Callable

from bank_side import LOGIN, PASSWORD, commanded, credentials, knows
from cryptography.hazmat.primitives.hashes import SHA256
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.pki import TestCa
from lockwright_testkit.sim.simulator import USER_PIN
from opened_window import Opened
from window_home import Home

OpenWindow = Callable[..., Opened]


def test_ca_is_chosen_where_there_are_several_and_so_is_the_token(
    home: Home, open_window: OpenWindow
) -> None:
    home.token("etoken", label="First")
    home.token("etoken", label="Second", settings={"write.protected": True})
    one, other = TestCa.root("CN=Bank CA"), TestCa.root("CN=Other CA")
    with EstServer(one, {}) as bank, EstServer(other, {LOGIN: PASSWORD}) as second:
        knows(home, bank, second)
        with open_window(home, lang="en") as window:
            window.wait_for("Second")
            window.press("Get a new certificate")
            window.wait_for("Which CA is to give the certificate?")
            window.press("bank2")
            window.press("Next")
            credentials(window, PASSWORD)
            window.wait_for("Kind of storage")
            window.press("Next")
            window.wait_for("Choice of the device")
            window.wait_for("rite-protected")
            window.wait_for("User PIN")
            window.type(USER_PIN)
            window.press("Next")
            window.wait_for("The certificate is written")
            assert window.errors == ""
        assert second.issued_to(LOGIN) is not None
        assert bank.operations() == []


def test_ca_that_nobody_trusts_yet_is_confirmed_by_its_fingerprint(
    home: Home, open_window: OpenWindow
) -> None:
    home.token("etoken", label="Anna Petrova")
    own = TestCa.root("CN=Bank CA")
    with EstServer(own, {LOGIN: PASSWORD}) as server:
        config = knows(home, server).read_text()
        trust = re.sub(r"(?m)^trust = ", "server_trust = ", config)
        home.configure(trust)
        with open_window(home, lang="en") as window:
            window.wait_for("The token is in order")
            window.press("Get a new certificate")
            window.wait_for("What will be done")
            window.press("Next")
            window.wait_for("Is this your bank's CA?")
            shown = re.sub(r"[^0-9A-F]", "", window.words().partition("SHA-256")[2].upper())
            assert own.certificate.fingerprint(SHA256()).hex().upper() in shown
            following = window.find("Next", roles=frozenset({"push button", "button"}))
            assert following is not None
            assert not following.enabled
            window.press("It is the same, character for character")
            window.press("Next")
            window.wait_for("Login and one-time password")
            window.press("Cancel")
            window.wait_until_gone("Login and one-time password")
            assert window.errors == ""
        shown_again = commanded(home, "enroll", "--status")
        assert shown_again["unfinished"] == []


def test_configuration_without_a_ca_says_so_at_once(home: Home, open_window: OpenWindow) -> None:
    home.token("etoken", label="Anna Petrova")
    with open_window(home, lang="en") as window:
        window.wait_for("The token is in order")
        window.press("Get a new certificate")
        window.wait_for("The configuration names no CA")
        following = window.find("Next", roles=frozenset({"push button", "button"}))
        assert following is None or not following.enabled
        window.press("Cancel")
        window.wait_until_gone("The configuration names no CA")
        assert window.errors == ""
