"""``lockwright delete``: a plan, a person's yes, the deletion, and what came of it."""

from __future__ import annotations

import click

from lockwright.cli import documents
from lockwright.cli.deletion import carry_out, need_consent, nothing_to_do, refused, show_plan
from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command
from lockwright.cli.selectors import refuse_blank
from lockwright.cli.watched import reading
from lockwright.console.framework import argument, option
from lockwright.console.screen import Console
from lockwright.errors import PlanStale
from lockwright.i18n import N_, _
from lockwright.models import Plan

HELP = N_(
    """Delete containers and objects.

    SELECTOR is a name that lockwright list shows: a container's id or label, or the beginning of a
    certificate's SHA-256 fingerprint or of another name there, six characters or more. One that
    fits two things is refused. Every object that would go is shown first, and nothing goes without
    a yes.

    A private key that shows no public key signs once, so that it is known whose it is."""
)


@command("delete", text=HELP)
@argument("selectors", nargs=-1, metavar="[SELECTOR]...", text=N_("What to delete."))
@option(
    "--expired",
    is_flag=True,
    text=N_("Every container whose certificates all expired, and old ones beside a valid one."),
)
@option("--yes", is_flag=True, text=N_("Do not ask; delete."))
@option("--dry-run", is_flag=True, text=N_("Only show what would go."))
@option(
    "--digest",
    metavar="HEX",
    text=N_("Delete only if the token's content still has this digest, as --dry-run showed it."),
)
@pin_options(Role.USER)
def delete(  # each is an option of its own
    run: Invocation,
    *,
    selectors: tuple[str, ...],
    expired: bool,
    yes: bool,
    dry_run: bool,
    digest: str | None,
) -> int:
    """Plan, ask, delete, report."""
    refuse_blank(*selectors)
    if not selectors and not expired:
        raise click.UsageError(
            _("Say what to delete: a SELECTOR or --expired."), click.get_current_context()
        )
    if not dry_run and not yes:
        need_consent(run, _("Look at the plan with --dry-run, then agree to it with --yes."))
    token = run.token()
    (pin,) = run.collect(token, Role.USER, reads=dry_run)
    with reading(run):
        plan = run.runner.plan_delete(token, pin, selectors, expired=expired)
    if digest is not None and digest.lower() != plan.digest:
        raise PlanStale(serial=token.serial)
    if not plan.targets:
        return nothing_to_do(run, plan, _("Nothing has expired."))
    if dry_run:
        return _only_shown(run, plan)
    if not yes:
        show_plan(run.output.notes, plan, run.config.warn_days)
        if not run.terminal.agrees(_("Delete this?")):
            return refused(run)
    carry_out(run, plan, lambda: run.runner.apply(token, pin, plan))
    return 0


def _only_shown(run: Invocation, plan: Plan) -> int:
    """The plan, with the digest that a later run can be bound to."""

    def text(console: Console) -> None:
        show_plan(console, plan, run.config.warn_days)
        console.print(_("Digest of the content: {digest}").format(digest=plan.digest))

    run.output.answer(
        lambda: {"token": plan.serial, "plan": documents.plan(plan), "gone": [], "left": []},
        text,
    )
    return 0
