"""``lockwright``: its commands in the order of a token's life."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.cli import early
from lockwright.cli.program import PROGRAM
from lockwright.cli.stray_pins import refuse_stray_pins
from lockwright.console.framework import Place
from lockwright.i18n import N_

_COMMANDS = "lockwright.cli.commands"

PLACES = {
    "tokens": Place(f"{_COMMANDS}.tokens", "tokens", N_("Show every token that is connected.")),
    "token": Place(f"{_COMMANDS}.token", "token", N_("Care for a token itself.")),
    "list": Place(f"{_COMMANDS}.list", "list_", N_("Show what is on a token.")),
    "unblock": Place(f"{_COMMANDS}.unblock", "unblock", N_("Replace a user PIN that was lost.")),
    "respond": Place(f"{_COMMANDS}.respond", "respond", N_("Answer a client's Request.")),
    "pin": Place(f"{_COMMANDS}.pin", "pin", N_("Change a PIN that is known.")),
    "so-pin": Place(f"{_COMMANDS}.so_pin", "so_pin", N_("The administrator's PIN of a token.")),
    "puk": Place(f"{_COMMANDS}.puk", "puk", N_("The PUK of a token.")),
    "label": Place(f"{_COMMANDS}.label", "label_", N_("Give a token another label.")),
    "delete": Place(f"{_COMMANDS}.delete", "delete", N_("Delete containers and objects.")),
    "wipe": Place(f"{_COMMANDS}.wipe", "wipe", N_("Delete everything on a token.")),
    "enroll": Place(f"{_COMMANDS}.enroll", "enroll", N_("Get a certificate for a new key.")),
    "renew": Place(f"{_COMMANDS}.renew", "renew", N_("Renew a certificate for a new key.")),
    "test": Place(f"{_COMMANDS}.test", "test", N_("Prove that a token's keys sign.")),
    "export": Place(f"{_COMMANDS}.export", "export", N_("Write certificates of a token out.")),
    "import": Place(f"{_COMMANDS}.import_", "import_", N_("Take a key over from a file.")),
    "storages": Place(f"{_COMMANDS}.storages", "storages", N_("Show where a certificate can go.")),
    "policy": Place(f"{_COMMANDS}.policy", "policy", N_("The rules for a new PIN.")),
    "plugins": Place(f"{_COMMANDS}.plugins", "plugins", N_("Show the installed plugins.")),
    "doctor": Place(f"{_COMMANDS}.doctor", "doctor", N_("Find out why something does not work.")),
    "audit": Place(f"{_COMMANDS}.audit", "audit", N_("The record of what was done.")),
    "completion": Place(
        f"{_COMMANDS}.completion", "completion", N_("Print the completion script for a shell.")
    ),
}

root = PROGRAM.root(
    places=PLACES,
    text=N_("See what is on a crypto token, give access back to it, clean it, enrol on it."),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Args:
        arguments: the command line without the program's name; None for this process's own.

    Returns:
        The exit code.
    """

    def check(words: Sequence[str]) -> None:
        refuse_stray_pins(words)
        if arguments is None:
            early.begin(words)

    try:
        return PROGRAM.main(root, arguments, check=check)
    finally:
        early.end()
