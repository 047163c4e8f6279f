"""The bank's side of a certificate, as the window's home knows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lockwright_testkit.est_server import EstServer
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.sim import environment
from lockwright_testkit.sim.simulator import USER_PIN
from opened_window import Opened
from window_home import Home

LOGIN, PASSWORD = "anna", "Maple-Drum-77"  # of tests
CONTACT = "Olga, 123"
_CA = """
[ca.{name}]
url = "{url}"
trust = ["{trust}"]
subject = "CN={{login}},O=Bank"
key_type = "ec:p256"
"""


def knows(home: Home, *servers: EstServer, further: str = "") -> Path:
    """Configure servers as CAs: ``bank``, and ``bank2`` and so on.

    Args:
        home: whose configuration it is.
        servers: the servers.
        further: whatever else stands in it.
    """
    tables = []
    for number, server in enumerate(servers, 1):
        name = "bank" if number == 1 else f"bank{number}"
        trust = home.folder / f"{name}.pem"
        trust.write_bytes(pem(server.ca.certificate))
        tables.append(_CA.format(name=name, url=server.url, trust=trust))
    return home.configure("\n".join((f'[enrolment]\ncontact = "{CONTACT}"', *tables, further)))


@contextmanager
def bank(home: Home, further: str = "") -> Iterator[EstServer]:
    """A CA that the home is configured for; it knows ``LOGIN`` and ``PASSWORD``.

    Args:
        home: whose configuration it is.
        further: whatever else stands in it.
    """
    with EstServer(TestCa.root("CN=Bank CA"), {LOGIN: PASSWORD}) as server:
        knows(home, server, further=further)
        yield server


def commanded(home: Home, *words: str) -> dict[str, Any]:
    """What a command answers in the same home, with the same tokens.

    Args:
        home: whose home it is.
        words: the command; the user PIN is in the file ``pin``, the one-time password in ``otp``.
    """
    home.program.secret("pin", USER_PIN)
    home.program.secret("otp", PASSWORD)
    more = [word for each in home.tokens for word in ("--module", str(each.module))]
    config = [] if home.config is None else ["--config", str(home.config)]
    tokens = environment(*home.tokens)
    found: dict[str, Any] = home.program.run(
        *words, "--json", *more, *config, environment=tokens
    ).document
    return found


def journal(home: Home) -> list[dict[str, object]]:
    """What the journal has that is unfinished, as the command line shows it."""
    shown = home.program.run("enroll", "--status", "--json").document
    found: list[dict[str, object]] = shown["unfinished"]
    return found


def order(window: Opened, password: str = PASSWORD, pin: str = USER_PIN) -> None:
    """Order a certificate, up to the last Next."""
    window.press("Get a new certificate")
    window.wait_for("What will be done")
    window.press("Next")
    credentials(window, password)
    window.wait_for("Kind of storage")
    window.press("Next")
    window.wait_for("Choice of the device")
    window.wait_for("User PIN")
    window.type(pin)
    window.press("Next")


def typed(window: Opened, name: str) -> str:
    """What stands in a field; dots for what is secret."""
    found = window.find(name, roles=frozenset({"text", "entry", "password text"}))
    assert found is not None, window.words()
    return found.text or ""


def credentials(window: Opened, password: str) -> None:
    """Give login and password."""
    window.wait_for("One-time password")
    if not typed(window, "Login"):
        window.type(LOGIN)
        window.keys("Tab")
    window.type(password)
    window.press("Next")
