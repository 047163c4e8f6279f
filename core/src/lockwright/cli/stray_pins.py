"""A PIN on the command line is refused, and not repeated."""

from __future__ import annotations

from collections.abc import Sequence

import click

from lockwright.console.global_options import options_of
from lockwright.i18n import _

STRAY = (
    *("--pin", "--so-pin", "--new-pin", "--puk", "--password", "--key", "--hsm-pin", "--otp"),
    *("--p12-password", "--store-password"),
)
"""What people type to give a PIN, which every program on the computer could then read."""


def refuse_stray_pins(arguments: Sequence[str]) -> None:
    """Refuse a PIN on the command line without repeating it.

    Raises:
        click.UsageError: there is one.
    """
    for word in options_of(arguments):
        name = word.partition("=")[0]
        if name in STRAY:
            raise click.UsageError(
                _(
                    "{option} does not exist: a PIN on the command line can be read by other"
                    " programs. Leave it out to be asked, or use {option}-file or {option}-fd."
                ).format(option=name)
            )
