"""The program: decide the language, find the command, run it, tell what went wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

import lockwright
from lockwright.cli.framework import Group, Place
from lockwright.cli.given import Option, look, refuse_stray_pins
from lockwright.cli.language import speak
from lockwright.i18n import N_

PROGRAM = "lockwright"
BROKEN_PIPE = 1
"""Exit code when nobody reads the output any more; click ends with the same."""

_COMMANDS = "lockwright.cli.commands"

PLACES = {
    "tokens": Place(f"{_COMMANDS}.tokens", "tokens", N_("Show every token that is connected.")),
    "list": Place(f"{_COMMANDS}.list", "list_", N_("Show what is on a token.")),
    "unblock": Place(f"{_COMMANDS}.unblock", "unblock", N_("Replace a user PIN that was lost.")),
    "respond": Place(f"{_COMMANDS}.respond", "respond", N_("Answer a client's Request.")),
    "pin": Place(f"{_COMMANDS}.pin", "pin", N_("Change a PIN that is known.")),
    "delete": Place(f"{_COMMANDS}.delete", "delete", N_("Delete containers and objects.")),
    "wipe": Place(f"{_COMMANDS}.wipe", "wipe", N_("Delete everything on a token.")),
    "enroll": Place(f"{_COMMANDS}.enroll", "enroll", N_("Get a certificate for a new key.")),
    "renew": Place(f"{_COMMANDS}.renew", "renew", N_("Renew a certificate for a new key.")),
    "storages": Place(f"{_COMMANDS}.storages", "storages", N_("Show where a certificate can go.")),
    "policy": Place(f"{_COMMANDS}.policy", "policy", N_("The rules for a new PIN.")),
    "plugins": Place(f"{_COMMANDS}.plugins", "plugins", N_("Show the installed plugins.")),
    "doctor": Place(f"{_COMMANDS}.doctor", "doctor", N_("Find out why something does not work.")),
    "audit": Place(f"{_COMMANDS}.audit", "audit", N_("The record of what was done.")),
    "completion": Place(
        f"{_COMMANDS}.completion", "completion", N_("Print the completion script for a shell.")
    ),
}


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:  # noqa: FBT001  # click calls it so
    if wanted:
        click.echo(f"{PROGRAM} {lockwright.__version__}")
        ctx.exit()


root = Group(
    PROGRAM,
    places=PLACES,
    help=N_("See what is on a crypto token, give access back to it, clean it, enrol on it."),
    params=[
        Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
            help=N_("Show the version and exit."),
        )
    ],
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
    try:
        refuse_stray_pins(given)
        code = root.main(given or ["--help"], prog_name=PROGRAM, standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered must not be tried again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the edge of the program
        from lockwright.cli.failures import tell  # noqa: PLC0415  # needed only when it fails

        return tell(error, json=early.json, verbose="--verbose" in given)
    return code if isinstance(code, int) else 0
