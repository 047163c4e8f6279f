"""``lockwright wipe``: everything on a token goes, once its serial number was typed."""

from __future__ import annotations

import click

from lockwright.cli.clean import clean
from lockwright.cli.deletion import carry_out, need_consent, nothing_to_do, refused, show_plan
from lockwright.cli.framework import command, option
from lockwright.cli.invocation import Invocation
from lockwright.cli.pins import Role, pin_options
from lockwright.errors import NotSupported
from lockwright.i18n import N_, _

HELP = N_(
    """Delete everything on a token. The PINs stay as they are.

    What would go is shown first; nothing goes until the token's serial number is typed. Without a
    terminal give --yes together with --token SERIAL."""
)


@command("wipe", text=HELP)
@option("--yes", is_flag=True, text=N_("Do not ask; needs --token with the serial number."))
@pin_options(Role.USER)
def wipe(run: Invocation, *, yes: bool) -> int:
    """Plan, ask, wipe, report."""
    if yes and run.given.token is None:
        raise click.UsageError(
            _("--yes needs --token with the serial number of the token to wipe."),
            click.get_current_context(),
        )
    if not yes:
        need_consent(run, _("Agree to it with --yes and --token SERIAL."))
    token = run.token()
    if yes and str(run.given.token).lower() != token.serial.lower():
        raise click.UsageError(
            _("--yes needs --token with the serial number itself."), click.get_current_context()
        )
    if not token.state.capabilities.wipe:
        raise NotSupported(operation=N_("delete everything at once"), adapter=token.adapter)
    (pin,) = run.collect(token, Role.USER)
    with run.output.working(_("Reading the token")):
        plan = run.runner.plan_wipe(token, pin)
    if not plan.targets:
        return nothing_to_do(run, plan, _("The token is empty."))
    if not yes:
        show_plan(run.output.notes, plan, run.config.warn_days)
        question = _("To delete all of this, type the serial number {serial}:")
        typed = run.terminal.line(question.format(serial=clean(token.serial)))
        if typed.lower() != token.serial.lower():
            return refused(run)
    carry_out(run, token, pin, plan)
    return 0
