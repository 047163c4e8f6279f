"""``lockwright token``: what is done to a token itself."""

from __future__ import annotations

from lockwright.cli.program import group
from lockwright.console.framework import Place
from lockwright.i18n import N_

token = group(
    "token",
    places={
        "init": Place(
            "lockwright.cli.commands.token_init", "init", N_("Give a token its label and PINs.")
        ),
    },
    text=N_("Care for a token itself, before and beside what is on it."),
)
