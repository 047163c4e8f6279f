"""The options by which a command is given its PINs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from lockwright.cli.pins import Role
from lockwright.console.framework import Body
from lockwright.console.global_options import GlobalOptions, NotedOption
from lockwright.console.numbers import WholeNumber
from lockwright.i18n import N_

_FILE_HELP = {
    Role.USER: N_("File with the user PIN, readable by its owner only."),
    Role.SO: N_("File with the SO PIN, readable by its owner only."),
    Role.NEW: N_("File with the new user PIN, readable by its owner only."),
    Role.NEW_SO: N_("File with the new SO PIN, readable by its owner only."),
    Role.NEW_PUK: N_("File with the new PUK, readable by its owner only."),
    Role.PUK: N_("File with the PUK, readable by its owner only."),
    Role.KEY: N_("File with the administrator key of that very token, readable by its owner only."),
    Role.HSM: N_("File with the HSM's user PIN, readable by its owner only."),
    Role.OTP: N_("File with the one-time password, readable by its owner only."),
    Role.P12: N_("File with the password that protects the new key outside a token."),
    Role.KEY_FILE: N_("File with the password of the PKCS#12 file."),
    Role.SIGN_IN: N_("File with the password of the key by which you sign in at the desk."),
    Role.STORE: N_("File with the password of the system's certificate store, if it has one."),
}
_DESCRIPTOR_HELP = {
    Role.USER: N_("Open file descriptor to read a line with the user PIN from."),
    Role.SO: N_("Open file descriptor to read a line with the SO PIN from."),
    Role.NEW: N_("Open file descriptor to read a line with the new user PIN from."),
    Role.NEW_SO: N_("Open file descriptor to read a line with the new SO PIN from."),
    Role.NEW_PUK: N_("Open file descriptor to read a line with the new PUK from."),
    Role.PUK: N_("Open file descriptor to read a line with the PUK from."),
    Role.KEY: N_("Open file descriptor to read a line with the administrator key from."),
    Role.HSM: N_("Open file descriptor to read a line with the HSM's user PIN from."),
    Role.OTP: N_("Open file descriptor to read a line with the one-time password from."),
    Role.P12: N_("Open file descriptor to read a line with that password from."),
    Role.KEY_FILE: N_("Open file descriptor to read a line with that file's password from."),
    Role.SIGN_IN: N_("Open file descriptor to read a line with that key's password from."),
    Role.STORE: N_("Open file descriptor to read a line with the store's password from."),
}


def pin_options(*roles: Role) -> Callable[[Body], Body]:
    """Add the options by which a command is given its PINs, and ``--use-last-try``.

    Args:
        roles: the PINs, in the order they are read and asked for.
    """

    def made(body: Body) -> Body:
        if roles != (Role.NEW,):
            _last_try(body)
        for role in reversed(roles):
            _descriptor(role)(body)
            _file(role)(body)
        return body

    return made


def _file(role: Role) -> Callable[[Body], Body]:
    def note(options: GlobalOptions, value: Any) -> None:
        options.files[role] = value

    settings: dict[str, Any] = {"note": note, "metavar": "FILE", "help": _FILE_HELP[role]}
    return click.option(f"--{role}-file", cls=NotedOption, **settings)


def _descriptor(role: Role) -> Callable[[Body], Body]:
    def note(options: GlobalOptions, value: Any) -> None:
        options.descriptors[role] = value

    settings: dict[str, Any] = {"note": note, "metavar": "N", "help": _DESCRIPTOR_HELP[role]}
    return click.option(f"--{role}-fd", cls=NotedOption, type=WholeNumber(), **settings)


def _last_try(body: Body) -> Body:
    def note(options: GlobalOptions, value: Any) -> None:
        options.use_last_try = value

    settings: dict[str, Any] = {
        "note": note,
        "is_flag": True,
        "help": N_("Use a PIN even if only one try of it is left."),
    }
    return click.option("--use-last-try", cls=NotedOption, **settings)(body)
