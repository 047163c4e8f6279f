"""``lockwright-desk``: its commands, from setting a desk up to its revocation list."""

from __future__ import annotations

import os
from collections.abc import Sequence

from lockwright.console.framework import Place
from lockwright.i18n import N_

from lockwright_desk.cli.program import PROGRAM

_COMMANDS = "lockwright_desk.cli.commands"
_PRIVATE = 0o077

PLACES = {
    "init": Place(f"{_COMMANDS}.init", "init", N_("Set the desk up: configuration, CA, tables.")),
    "serve": Place(f"{_COMMANDS}.serve", "serve", N_("Serve EST and the help desk until stopped.")),
    "otp": Place(f"{_COMMANDS}.otp", "otp", N_("One-time passwords.")),
    "requests": Place(f"{_COMMANDS}.requests", "requests", N_("Requests that wait for approval.")),
    "certificates": Place(
        f"{_COMMANDS}.certificates", "certificates", N_("Certificates that were issued.")
    ),
    "operators": Place(
        f"{_COMMANDS}.operators", "operators_", N_("Operators of the help desk, and their sign-in.")
    ),
    "clients": Place(
        f"{_COMMANDS}.clients", "clients", N_("Clients of the bank, as the help desk knows them.")
    ),
    "tokens": Place(f"{_COMMANDS}.tokens", "tokens", N_("Tokens, and who holds them.")),
    "cases": Place(f"{_COMMANDS}.cases", "cases", N_("Cases of the help desk.")),
    "lines": Place(f"{_COMMANDS}.lines", "lines", N_("Requests that wait on the line.")),
    "alerts": Place(f"{_COMMANDS}.alerts", "alerts", N_("What somebody should look at.")),
    "notices": Place(
        f"{_COMMANDS}.notices", "notices", N_("What clients are told of their cases.")
    ),
    "audit": Place(f"{_COMMANDS}.audit", "audit", N_("The records of what the servers did.")),
    "siem": Place(f"{_COMMANDS}.siem", "siem", N_("Send the audit trail to the bank's collector.")),
    "keeper": Place(
        f"{_COMMANDS}.keeper", "keeper", N_("Keep administrator keys: answer Requests in the HSM.")
    ),
    "keys": Place(f"{_COMMANDS}.keys", "keys", N_("Administrator keys and versions of keys.")),
    "demo": Place(f"{_COMMANDS}.demo", "demo", N_("Try the help desk out on this computer.")),
    "doctor": Place(f"{_COMMANDS}.doctor", "doctor", N_("Find out why something does not work.")),
    "crl": Place(f"{_COMMANDS}.crl", "crl", N_("Sign the revocation list.")),
}

root = PROGRAM.root(
    places=PLACES,
    text=N_("The bank's side of enrolment: one-time passwords, a CA, and EST to use them."),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Args:
        arguments: the command line without the program's name; None for this process's own.

    Returns:
        The exit code.
    """
    os.umask(_PRIVATE)  # whatever the desk writes is for its own account
    return PROGRAM.main(root, arguments)
