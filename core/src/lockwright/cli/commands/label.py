"""``lockwright label``: another label for a token, where its vendor has a function for it."""

from __future__ import annotations

from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command
from lockwright.console.clean import clean
from lockwright.console.framework import argument
from lockwright.i18n import N_, _
from lockwright.models import LabelBy

HELP = N_(
    """Give a token another label, and leave all that is on it as it is.

    PKCS#11 gives a label when a token is initialised, and not otherwise, so a token can do this
    only where its vendor has a function for it. It is done with the user PIN or with the SO PIN, as
    the token asks for it."""
)


@command("label", text=HELP)
@argument("label", metavar="LABEL", text=N_("Its label, 32 Latin letters at most."))
@pin_options(Role.USER, Role.SO)
def label_(run: Invocation, *, label: str) -> None:
    """Give it."""
    run.runner.care.check_label(label)
    token = run.token()
    run.runner.care.require_offered(token, "set_label")
    by_so = token.state.capabilities.label_by is LabelBy.SO
    (pin,) = run.collect(token, Role.SO if by_so else Role.USER)
    with run.output.working(_("Changing the label")):
        now = run.runner.care.set_label(token, pin, label)
    was = token.identity.label
    run.output.answer(
        lambda: {"token": now.serial, "was": was, "label": now.identity.label},
        lambda console: console.print(
            _("The token {serial} has the label {label} now.").format(
                serial=clean(now.serial), label=clean(now.identity.label)
            )
        ),
    )
