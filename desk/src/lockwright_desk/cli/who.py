"""Who acts at a terminal: the account of the system, which can read the desk's files as it is."""

from __future__ import annotations

from lockwright.audit.actor import account

from lockwright_desk.signin.console import at_the_console
from lockwright_desk.signin.roles import Who


def administrator() -> Who:
    """The account that runs the command, as whoever works at the console."""
    return at_the_console(account())
