"""``lockwright renew``: a new key and certificate in place of one that is about to expire."""

from __future__ import annotations

from typing import TypedDict, Unpack

import click

from lockwright.cli import completing, enrolment, storage_choice
from lockwright.cli.due import Given, renew_due
from lockwright.cli.enrolment_steps import followed
from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command
from lockwright.cli.selectors import refuse_blank
from lockwright.console.framework import argument, option
from lockwright.console.numbers import WholeNumber
from lockwright.i18n import N_, _
from lockwright.models import StorageKind
from lockwright.operations.enrolment.orders import Asked

HELP = N_(
    """Renew a certificate: the CA of the configuration gives one for a new key, with the same
    subject. Without CONTAINER it is the only one on the token.

    The old container stays until the new one is proved by a signature, and then goes only with
    --replace. Where the old key can sign the order (CMP), no one-time password is needed. An
    interrupted renewal is continued with lockwright enroll --resume.

    With --due every token is looked at: what its CA wants renewed now, where the CA tells that, and
    what ends within the days of the configuration. It is shown, and renewed one after the other
    after a yes. A CA may want a one-time password for each."""
)


class Options(TypedDict):
    """What the command line gave."""

    container: str | None
    ca: str | None
    due: bool
    dry_run: bool
    yes: bool
    login: str | None
    replace: bool
    wait: int


@command("renew", text=HELP)
@argument("container", required=False, text=N_("Container by id or label."))
@option(
    "--ca",
    metavar="NAME",
    shell_complete=completing.authorities,
    text=N_("CA of the configuration, [ca.NAME]."),
)
@option("--due", is_flag=True, text=N_("Renew whatever is due."))
@option("--dry-run", is_flag=True, text=N_("Only show what is due."))
@option("--yes", is_flag=True, text=N_("Do not ask; renew what is due."))
@option("--login", metavar="LOGIN", text=N_("Login that the bank gave you."))
@pin_options(Role.OTP, Role.USER)
@option("--replace", is_flag=True, text=N_("Remove the old container once the new one works."))
@option(
    "--wait",
    type=WholeNumber(0),
    default=enrolment.USUAL_WAIT,
    metavar="SECONDS",
    text=N_(
        "Seconds to wait for the bank's decision, 120 by default; --resume does the rest later."
    ),
)
def renew(run: Invocation, **given: Unpack[Options]) -> int:
    """Renew one certificate, or what is due."""
    refuse_blank(given["container"])
    context, ca = click.get_current_context(), given["ca"]
    if given["due"]:
        if given["container"] is not None:
            raise click.UsageError(_("CONTAINER does not go with --due."), context)
        return renew_due(run, _all(given))
    if given["dry_run"] or given["yes"]:
        raise click.UsageError(_("--dry-run and --yes go with --due."), context)
    if ca is None:
        raise click.UsageError(_("Give --ca NAME, or --due."), context)
    _renew_one(run, given, ca)
    return 0


def _all(given: Options) -> Given:
    return Given(
        ca=given["ca"],
        login=given["login"],
        replace=given["replace"],
        wait=given["wait"],
        dry_run=given["dry_run"],
        yes=given["yes"],
    )


def _renew_one(run: Invocation, given: Options, ca: str) -> None:
    enrolments, login = run.runner.enrolments, given["login"]
    enrolments.check_login(run.runner.authorities.get(ca), login)
    known = enrolment.trusted(run, ca, None)
    wishes = enrolment.wishes(run, known)
    enrolment.tell_passed_over(run, known, wishes)
    token = storage_choice.token(run)
    if wishes.renewal_login:
        login = enrolment.login_of(run, login, known)
    otp, storage = storage_choice.opened_token(
        run,
        token,
        otp=wishes.renewal_login,
        first=lambda opened: opened.renewable(given["container"]),
    )
    stored = enrolments.renew(
        storage,
        known,
        Asked(login, otp),
        wishes=wishes,
        container=given["container"],
        replace=given["replace"],
        patience=followed(run.output.steps(), StorageKind.TOKEN, given["wait"]),
    )
    enrolment.tell(run, storage_choice.on(token), stored, removed=given["replace"])
