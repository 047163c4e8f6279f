"""``lockwright renew``: a new key and certificate in place of one that is about to expire."""

from __future__ import annotations

from lockwright.cli import completing, enrolment, storage_choice
from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command
from lockwright.cli.selectors import refuse_blank
from lockwright.console.framework import argument, option
from lockwright.console.numbers import WholeNumber
from lockwright.i18n import N_
from lockwright.operations.enrolment.orders import Asked

HELP = N_(
    """Renew a certificate: the CA of the configuration gives one for a new key, with the same
    subject. Without CONTAINER it is the only one on the token.

    The old container stays until the new one is proved by a signature, and then goes only with
    --replace. Where the old key can sign the order (CMP), no one-time password is needed. An
    interrupted renewal is continued with lockwright enroll --resume."""
)


@command("renew", text=HELP)
@argument("container", required=False, text=N_("Container by id or label."))
@option(
    "--ca",
    metavar="NAME",
    required=True,
    shell_complete=completing.authorities,
    text=N_("CA of the configuration, [ca.NAME]."),
)
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
def renew(  # each is an option of its own
    run: Invocation, *, container: str | None, ca: str, login: str | None, replace: bool, wait: int
) -> None:
    """Renew one certificate."""
    refuse_blank(container)
    enrolments = run.runner.enrolments
    enrolments.check_login(run.runner.authorities.get(ca), login)
    known = enrolment.trusted(run, ca, None)
    wishes = run.runner.authorities.requirements(known)
    enrolment.tell_passed_over(run, known, wishes)
    token = storage_choice.token(run)
    if wishes.renewal_login:
        login = enrolment.login_of(run, login, known)
    otp, storage = storage_choice.opened_token(run, token, otp=wishes.renewal_login)
    with enrolment.followed(run, wait) as patience:
        stored = enrolments.renew(
            storage,
            known,
            Asked(login, otp),
            container=container,
            replace=replace,
            patience=patience,
        )
    enrolment.tell(run, storage_choice.on(token), stored, removed=replace)
