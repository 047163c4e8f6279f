"""``lockwright renew --due``: what is due on each token, a person's yes, one after the other.

One's failure does not stop the others, but what fails for all of a token, such as a wrong PIN,
is not tried again on it: that would spend its tries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import click

from lockwright.cli import due_report, enrolment, expiry
from lockwright.cli.consent import REFUSED, need_terminal
from lockwright.cli.due_renewals import Renewing, Terms
from lockwright.cli.due_report import Outcome
from lockwright.cli.invocation import Invocation
from lockwright.cli.pins import Role
from lockwright.errors import LockwrightError, PartialError
from lockwright.i18n import _
from lockwright.operations.enrolment.due import Why
from lockwright.records import dataclass


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line gave."""

    ca: str | None
    """Only what this CA issued; None for all."""
    login: str | None
    """Login for every CA that wants one; None to ask."""
    replace: bool
    """Remove each old container."""
    wait: int
    """Seconds for the bank's decision."""
    dry_run: bool
    """Only show it."""
    yes: bool
    """Do not ask."""


def renew_due(run: Invocation, given: Given) -> int:
    """Look, ask, renew, report.

    Returns:
        The exit code.
    """
    if not given.dry_run and not given.yes:
        instead = _("Nobody can be asked. Look with --dry-run, then agree with --yes.")
        need_terminal(run, instead)
    found = _found(run, given.ca)
    due_report.tell_problems(run, found)
    due = [each for each in found if each.prospect.why in {Why.CA, Why.DAYS}]
    if given.dry_run or not due:
        due_report.answer(run, found)
        return 0
    terms = _terms(run, due)
    _refuse_shared(run, due, terms, given.login)
    if not given.yes:
        run.output.notes.print(due_report.table(due))
        if not run.terminal.agrees(_("Renew these, one after the other?")):
            run.output.note(_("Nothing was renewed."))
            return REFUSED
    renewing = Renewing(run, terms, login=given.login, replace=given.replace, wait=given.wait)
    done = [replace(each, **renewing.one(each)) for each in due]
    due_report.answer(run, [*done, *(each for each in found if each not in due)])
    return _code(done)


def _found(run: Invocation, ca: str | None) -> list[Outcome]:
    """What can be renewed on the token that is named, or on every one that an adapter takes."""
    if run.options.token is not None:
        tokens = [run.token(key_types=True)]
    else:
        with run.output.working(_("Looking for tokens")):
            seen = run.runner.detect()
        tokens = [token for token in seen.tokens if token.adapter is not None]
        for problem in seen.problems:
            due_report.tell(run, problem.error)
    with run.output.working(_("Looking what is to be renewed")):
        contents = expiry.look(run, tokens)
        return [
            Outcome(token, prospect)
            for token, content in zip(tokens, contents, strict=True)
            if content is not None
            for prospect in sorted(
                run.runner.renewals.asked(content, ca), key=lambda prospect: prospect.ends
            )
        ]


def _terms(run: Invocation, due: Sequence[Outcome]) -> dict[str, Terms]:
    """Each CA, and what it asks for; or why it cannot be had."""
    found: dict[str, Terms] = {}
    for name in dict.fromkeys(name for each in due for name in each.prospect.cas):
        try:
            ca = enrolment.trusted(run, name, None)
            wishes = enrolment.wishes(run, ca)
            enrolment.tell_passed_over(run, ca, wishes)
            found[name] = Terms(ca, wishes)
        except LockwrightError as error:
            found[name] = Terms(error=error)
    return found


def _refuse_shared(
    run: Invocation, due: Sequence[Outcome], terms: dict[str, Terms], login: str | None
) -> None:
    """A PIN that is given would spend another token's try; a password is used up by one order.

    A password without its login is refused before anything is renewed, too.
    """
    context = click.get_current_context()
    if run.pins.given(Role.USER) and len({id(each.token) for each in due}) > 1:
        message = _("--pin-file and --pin-fd are for one token; name it with --token.")
        raise click.UsageError(message, context)
    wanting = [each for each in due if any(terms[name].login for name in each.prospect.cas)]
    if run.pins.given(Role.OTP) and len(wanting) > 1:
        message = _("One one-time password is for one certificate; here {n} want one each.")
        raise click.UsageError(message.format(n=len(wanting)), context)
    if run.pins.given(Role.OTP) and wanting and not run.terminal.there:
        enrolment.login_of(run, login)


def _code(done: Sequence[Outcome]) -> int:
    """That of the first failure if nothing was renewed, otherwise that of work partly done."""
    failed = [each.error for each in done if each.error is not None]
    if not failed:
        return 0
    return failed[0].exit_code if len(failed) == len(done) else PartialError.exit_code
