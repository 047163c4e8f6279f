"""The bank's side of a certificate, as the window's home knows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lockwright_testkit.est_server import EstServer
from lockwright_testkit.pki import TestCa, pem
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


def knows(home: Home, *servers: EstServer, further: str = "") -> None:
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
    home.configure("\n".join((f'[enrolment]\ncontact = "{CONTACT}"', *tables, further)))


@contextmanager
def bank(home: Home) -> Iterator[EstServer]:
    """A CA that the home is configured for; it knows ``LOGIN`` and ``PASSWORD``."""
    with EstServer(TestCa.root("CN=Bank CA"), {LOGIN: PASSWORD}) as server:
        knows(home, server)
        yield server


def journal(home: Home) -> list[dict[str, object]]:
    """What the journal has that is unfinished, as the command line shows it."""
    shown = home.program.run("enroll", "--status", "--json").document
    found: list[dict[str, object]] = shown["unfinished"]
    return found
