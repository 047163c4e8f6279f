"""What is due, and what came of it: for a person and for a program."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from lockwright.cli import documents, phrases
from lockwright.cli.cells import BAD, LOW, lines, validity
from lockwright.cli.documents import Document
from lockwright.cli.invocation import Invocation
from lockwright.cli.renewal_documents import prospect as told_of
from lockwright.console.clean import clean
from lockwright.console.failures import described
from lockwright.console.grid import Grid
from lockwright.console.screen import Console
from lockwright.console.text import Text
from lockwright.errors import LockwrightError
from lockwright.i18n import _
from lockwright.models import StoredCertificate, Token
from lockwright.operations.enrolment.due import Prospect, Why
from lockwright.records import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """A certificate that can be renewed, and what came of it."""

    token: Token
    """Its token."""
    prospect: Prospect
    """What is known of its renewal."""
    stored: StoredCertificate | None = None
    """The new certificate; None if there is none."""
    error: LockwrightError | None = None
    """Why there is none; None if it was not tried."""


def answer(run: Invocation, outcomes: Sequence[Outcome]) -> None:
    """Say what is due, or what came of it."""

    def text(console: Console) -> None:
        if not outcomes:
            console.print(_("No certificate was found that can be renewed."))
            return
        console.print(table(outcomes))
        for each in outcomes:
            if each.error is not None:
                told = described(each.error)
                about = f"{each.token.serial}, {each.prospect.container.name}: {told.message}"
                console.print(clean(about))
                for line in filter(None, (*told.details, told.cost, told.advice)):
                    console.print(clean(f"  {line}"))

    run.output.answer(lambda: {"certificates": [_document(each) for each in outcomes]}, text)


def tell_problems(run: Invocation, outcomes: Sequence[Outcome]) -> None:
    """Say, once each, why a CA's word could not be had."""
    problems = [each.prospect.problem for each in outcomes if each.prospect.problem is not None]
    for message in dict.fromkeys(described(problem).message for problem in problems):
        told = _("A CA could not tell when to renew, so the days of the configuration count: {why}")
        run.output.note(told.format(why=message), style="yellow")


def tell(run: Invocation, error: LockwrightError) -> None:
    """Say what could not be looked at."""
    message = described(error).message
    run.output.note(_("Problem: {message}").format(message=message), style="yellow")


def table(outcomes: Sequence[Outcome]) -> Grid:
    """Each certificate, until when it is valid, its CA, and why it is due or is not."""
    now = datetime.now(UTC)
    grid = Grid(_("Token"), _("Certificate"), _("Valid to"), _("CA"), _("Renewal"))
    for each in outcomes:
        found = each.prospect
        grid.add_row(
            lines(each.token.serial, each.token.identity.label),
            lines(found.container.name, found.container.selector),
            validity(found.certificate, now, 0),
            lines(", ".join(found.cas) or "-"),
            _state(each),
        )
    return grid


def _state(outcome: Outcome) -> Text:
    if outcome.stored is not None:
        return Text(_("renewed"), "green")
    if outcome.error is not None:
        return Text(_("not renewed"), BAD)
    found = outcome.prospect
    info = None if found.heard is None else found.heard.info
    url = info.url if info is not None else ""
    match found.why:
        case Why.CA:
            return lines(_("due: the CA says so"), url, style=LOW)
        case Why.DAYS:
            return lines(_("due: it ends soon"), style=LOW)
        case Why.EXPIRED:
            return lines(_("expired: get a new one with lockwright enroll"), style=BAD)
        case None if found.moment is not None:
            on = _("not due; the CA wants it on {date}").format(date=phrases.date(found.moment))
            return lines(on, url)
        case None if len(found.cas) > 1 and found.heard is None:
            return lines(_("not due by its date"), _("no CA was asked: say with --ca which to ask"))
        case None:
            return lines(_("not due"))


def _document(outcome: Outcome) -> Document:
    def error(found: LockwrightError | None) -> Document | None:
        return None if found is None else described(found).document()

    return {
        "token": outcome.token.serial,
        **told_of(outcome.prospect),
        "problem": error(outcome.prospect.problem),
        "renewed": None if outcome.stored is None else documents.stored(outcome.stored),
        "error": error(outcome.error),
    }
