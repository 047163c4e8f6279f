"""``lockwright so-pin change``: a new SO PIN by the administrator, who knows the old one."""

from __future__ import annotations

from lockwright.cli.changing import change_known
from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command, group
from lockwright.console.framework import Place
from lockwright.i18n import N_, _

HELP = N_(
    """Change the SO PIN, the administrator's.

    The old SO PIN is asked for first, the new one twice after it, under the bank's rules. Lines of
    one descriptor are read in that order, too. An SO PIN that is locked cannot be unlocked: then
    nobody unblocks the token any more. So its last try is spared."""
)

so_pin = group(
    "so-pin",
    places={"change": Place(__name__, "change", N_("Change the SO PIN."))},
    text=N_("The administrator's PIN of a token."),
)


@command("change", text=HELP)
@pin_options(Role.SO, Role.NEW_SO)
def change(run: Invocation) -> None:
    """Change the SO PIN."""
    token = run.token()
    run.runner.care.require_offered(token, "change_so_pin")
    change_known(
        run,
        token,
        (Role.SO, Role.NEW_SO),
        run.runner.care.change_so_pin,
        doing=_("Changing the SO PIN"),
        told=_("The SO PIN of the token {serial} was changed."),
    )
