"""``lockwright puk change``: a new PUK by whoever knows the old one."""

from __future__ import annotations

from lockwright.cli.changing import change_known
from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command, group
from lockwright.console.framework import Place
from lockwright.i18n import N_, _

HELP = N_(
    """Change the PUK, where the token has one and lets it be changed.

    The old PUK is asked for first, the new one twice after it, under the bank's rules. Lines of
    one descriptor are read in that order, too."""
)

puk = group(
    "puk",
    places={"change": Place(__name__, "change", N_("Change the PUK."))},
    text=N_("The PUK of a token, with which its user unblocks it."),
)


@command("change", text=HELP)
@pin_options(Role.PUK, Role.NEW_PUK)
def change(run: Invocation) -> None:
    """Change the PUK."""
    token = run.token()
    run.runner.care.require_offered(token, "change_puk")
    change_known(
        run,
        token,
        (Role.PUK, Role.NEW_PUK),
        run.runner.care.change_puk,
        doing=_("Changing the PUK"),
        told=_("The PUK of the token {serial} was changed."),
    )
