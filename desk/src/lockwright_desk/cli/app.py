"""The program: decide the language, find the command, run it, tell what went wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from lockwright.cli.framework import Place
from lockwright.cli.given import look
from lockwright.cli.language import speak
from lockwright.i18n import N_

from lockwright_desk.cli.framework import DeskGroup, version_option

PROGRAM = "lockwright-desk"

_COMMANDS = "lockwright_desk.cli.commands"
_PRIVATE = 0o077

PLACES = {
    "init": Place(f"{_COMMANDS}.init", "init", N_("Set the desk up: configuration, CA, tables.")),
    "serve": Place(f"{_COMMANDS}.serve", "serve", N_("Serve EST until told to end.")),
    "otp": Place(f"{_COMMANDS}.otp", "otp", N_("One-time passwords.")),
    "requests": Place(f"{_COMMANDS}.requests", "requests", N_("Requests that wait for approval.")),
    "certificates": Place(
        f"{_COMMANDS}.certificates", "certificates", N_("Certificates that were issued.")
    ),
    "crl": Place(f"{_COMMANDS}.crl", "crl", N_("Sign the revocation list.")),
}

root = DeskGroup(
    PROGRAM,
    places=PLACES,
    help=N_("The bank's side of enrolment: one-time passwords, a CA, and EST to use them."),
    params=[version_option(PROGRAM)],
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Args:
        arguments: the command line without the program's name; None for this process's own.

    Returns:
        The exit code.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    early = look(given)
    speak(early.language)
    os.umask(_PRIVATE)  # whatever the desk writes is for its own account
    try:
        code = root.main(given or ["--help"], prog_name=PROGRAM, standalone_mode=False)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the edge of the program
        from lockwright.cli.failures import tell  # noqa: PLC0415  # needed only when it fails

        return tell(error, json=early.json, verbose="--verbose" in given)
    return code if isinstance(code, int) else 0
