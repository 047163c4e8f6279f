"""``lockwright unblock``: a new user PIN in place of one that was lost."""

from __future__ import annotations

from lockwright.cli import documents, words
from lockwright.cli.clean import clean
from lockwright.cli.framework import command
from lockwright.cli.invocation import Invocation
from lockwright.cli.pins import Role, pin_options
from lockwright.errors import NotSupported
from lockwright.i18n import N_, _
from lockwright.models import UnblockWay

HELP = N_(
    """Set a new user PIN with the SO PIN, and unlock the token with it. Keys and certificates stay
    as they are.

    The SO PIN is asked for first, the new PIN twice after it. Lines of one descriptor are read in
    that order, too."""
)


@command("unblock", text=HELP)
@pin_options(Role.SO, Role.NEW)
def unblock(run: Invocation) -> None:
    """Replace a lost PIN by the administrator's."""
    token = run.token()
    if UnblockWay.SO_PIN not in token.state.capabilities.unblock_sets_pin:
        raise NotSupported(operation=N_("unblock with the SO PIN"), adapter=token.adapter)
    so_pin, new_pin = run.collect(token, Role.SO, Role.NEW)
    with run.output.working(_("Setting the new PIN")):
        status = run.runner.unblock(token, so_pin, new_pin)
    run.output.answer(
        lambda: {
            "token": token.serial,
            "way": UnblockWay.SO_PIN.value,
            "pin": documents.pin(status),
        },
        lambda console: console.print(
            _("The token {serial} has a new user PIN. State of the PIN: {state}.").format(
                serial=clean(token.serial), state=words.pin_state(status)
            )
        ),
    )
    run.output.note(_("See what is on the token with: lockwright list --login"))
