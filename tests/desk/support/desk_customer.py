"""A customer of the desk: every profile of it is a CA that the program knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desk_home import Server
from lockwright_testkit.customer import Customer

_SUBJECTS = {
    "client": "CN={login},O=Bank,C=RU",
    "checked": "CN={login},O=Bank,C=RU",
    "rsa": "CN={login},OU={login},O=Bank",
}
"""What is asked for, by profile; ``{login}`` is the program's."""


class DeskCustomer(Customer):
    """A person with a token, whose program knows the desk.

    Args:
        home: an empty folder for the program.
        desk: the desk.
        modules: the modules to look at; none for those that the program knows.
    """

    def __init__(self, home: Path, desk: Server, *modules: Path) -> None:
        super().__init__(home, *modules)
        self.desk = desk
        self.goes_to(desk.url)

    def goes_to(self, url: str, *, trust: Path | None = None) -> None:
        """Have the program look for the desk at an address.

        Args:
            url: the address.
            trust: file with the CA that vouches for the server there; None for the desk's.
        """
        anchor = str(self.desk.ca)
        usual = {"url": url, "trust": [anchor], "server_trust": [str(trust or anchor)]}
        self.configure(
            {
                label: {**usual, "label": label, "subject": subject}
                for label, subject in _SUBJECTS.items()
            }
        )

    def certificates(self, login: str) -> list[dict[str, Any]]:
        """What the desk has issued to a login."""
        found = self.desk.home.run("certificates", "list", "--json").document["certificates"]
        return [each for each in found if each["login"] == login]
