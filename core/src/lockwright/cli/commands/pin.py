"""``lockwright pin change``: a new user PIN by the owner, who knows the old one."""

from __future__ import annotations

from lockwright.cli.changing import change_known
from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command, group
from lockwright.console.framework import Place
from lockwright.i18n import N_, _

HELP = N_(
    """Change the user PIN.

    The old PIN is asked for first, the new one twice after it. Lines of one descriptor are read in
    that order, too. If the PIN is lost: lockwright unblock"""
)

pin = group(
    "pin",
    places={"change": Place(__name__, "change", N_("Change the user PIN."))},
    text=N_("Change a PIN that is known."),
)


@command("change", text=HELP)
@pin_options(Role.USER, Role.NEW)
def change(run: Invocation) -> None:
    """Change the PIN."""
    token = run.token()
    change_known(
        run,
        token,
        (Role.USER, Role.NEW),
        run.runner.change_pin,
        doing=_("Changing the PIN"),
        told=_("The user PIN of the token {serial} was changed."),
    )
