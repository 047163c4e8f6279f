"""``lockwright wipe``: everything on a token goes, once its serial number was typed."""

from __future__ import annotations

import click

from lockwright.cli.consent import require_serial, serial_typed
from lockwright.cli.deletion import carry_out, need_consent, nothing_to_do, refused, show_plan
from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command
from lockwright.cli.watched import reading
from lockwright.console.framework import option
from lockwright.errors import NotSupported
from lockwright.i18n import N_, _
from lockwright.models import Plan, Token
from lockwright.operations.deletion import ERASE

HELP = N_(
    """Delete everything on a token. The PINs stay as they are.

    What would go is shown first; nothing is deleted until the token's serial number is typed.
    Without a terminal give --yes together with --token SERIAL.

    With --erase the administrator does it with the token's own function, where the token allows
    that: no user PIN is needed, and the PINs may be erased as well."""
)


@command("wipe", text=HELP)
@option("--yes", is_flag=True, text=N_("Do not ask; needs --token with the serial number."))
@option("--erase", is_flag=True, text=N_("Have the administrator erase it, with the SO PIN."))
@pin_options(Role.USER, Role.SO)
def wipe(run: Invocation, *, yes: bool, erase: bool) -> int:
    """Plan, ask, wipe, report."""
    token = _meant(run, yes=yes)
    can = token.state.capabilities
    if not (can.erase if erase else can.wipe):
        what = ERASE if erase else N_("delete everything at once")
        raise NotSupported(operation=what, adapter=token.adapter)
    (pin,) = run.collect(token, Role.SO if erase else Role.USER)
    with reading(run):
        plan = run.runner.plan_wipe(token, None if erase else pin)
    if not plan.targets and not erase:
        return nothing_to_do(run, plan, _("The token is empty."))
    if not yes and not _agreed(run, token, plan, erase=erase):
        return refused(run)
    work = run.runner.erase if erase else run.runner.apply
    carry_out(run, plan, lambda: work(token, pin, plan), stops=not erase)
    return 0


def _meant(run: Invocation, *, yes: bool) -> Token:
    """The token, whose serial number must be said where nobody is asked."""
    if yes and run.options.token is None:
        raise click.UsageError(
            _("--yes needs --token with the serial number of the token to wipe."),
            click.get_current_context(),
        )
    if not yes:
        need_consent(run, _("Agree to it with --yes and --token SERIAL."))
    token = run.token()
    if yes:
        require_serial(str(run.options.token), token)
    return token


def _agreed(run: Invocation, token: Token, plan: Plan, *, erase: bool) -> bool:
    """Show what goes, and have the serial number typed, or the label of a token that has none."""
    if plan.targets:
        show_plan(run.output.notes, plan, run.config.warn_days)
    if erase:
        run.output.note(_("What only the user can see is deleted too, and the PINs may be erased."))
    return serial_typed(
        run,
        token,
        _("To delete all of this, type the serial number {serial}:"),
        _("It has no serial number. To delete all of this, type {name}:"),
    )
