"""``lockwright-desk requests``: requests that wait for a person."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.certificates.subjects import for_people
from lockwright.console.clean import clean
from lockwright.console.framework import Place, argument, option
from lockwright.console.grid import Grid
from lockwright.console.numbers import WholeNumber
from lockwright.console.screen import Console
from lockwright.console.wrapping import whole
from lockwright.i18n import N_, _

from lockwright_desk.cli.program import Run, command, group
from lockwright_desk.enrolment import approvals
from lockwright_desk.store.tables.enrolment import Request, State

_LAST_NUMBER = 2**31 - 1
"""The last that PostgreSQL's column holds."""
_STATES = {
    State.WAITING: N_("waiting"),
    State.APPROVED: N_("approved"),
    State.DENIED: N_("refused"),
    State.ISSUED: N_("issued"),
}

requests = group(
    "requests",
    places={
        "list": Place(__name__, "list_", N_("Show the requests that wait.")),
        "approve": Place(__name__, "approve", N_("Approve a request.")),
        "refuse": Place(__name__, "refuse", N_("Deny a request.")),
    },
    text=N_("Requests of profiles that want a person's approval."),
)


@command("list", text=N_("Show the requests that wait for a decision, the oldest first."))
@option("--all", "everything", is_flag=True, text=N_("Show those that were decided, too."))
def list_(run: Run, *, everything: bool) -> None:
    """Show them."""
    found = approvals.every(run.database, waiting=not everything)
    run.output.answer(
        lambda: {"requests": [_document(each) for each in found]},
        lambda console: _table(console, found),
    )


@command(
    "approve",
    text=N_("Approve the request; its certificate is signed when its client asks again."),
)
@argument("id", type=WholeNumber(1, _LAST_NUMBER), text=N_("Number of the request."))
def approve(run: Run, *, id: int) -> None:  # noqa: A002  # the name of the argument
    """Approve one."""
    with run.audit.operation("desk_request_approve", request=id):
        row = approvals.decide(
            run.database, id, State.APPROVED, operator=run.operator, now=run.now()
        )
    _tell(run, row, _("The request {id} of {login} is approved."))


@command("refuse", text=N_("Deny the request; its client is told the reason."))
@argument("id", type=WholeNumber(1, _LAST_NUMBER), text=N_("Number of the request."))
@option("--reason", required=True, text=N_("Why, for the client to read."))
def refuse(run: Run, *, id: int, reason: str) -> None:  # noqa: A002  # the name of the argument
    """Deny one."""
    reason = clean(reason)  # it is sent, and shown to somebody
    with run.audit.operation("desk_request_refuse", request=id, reason=reason):
        row = approvals.decide(
            run.database,
            id,
            State.DENIED,
            operator=run.operator,
            now=run.now(),
            reason=reason.rstrip("."),
        )
    _tell(run, row, _("The request {id} of {login} is refused."))


def _tell(run: Run, row: Request, text: str) -> None:
    run.output.answer(
        lambda: _document(row),
        lambda console: console.print(text.format(id=row.id, login=clean(row.login))),
    )


def _table(console: Console, found: Sequence[Request]) -> None:
    if not found:
        console.print(_("No request is waiting."))
        return
    table = Grid(_("Number"), _("Login"), _("Profile"), _("State"), _("Made"), _("Subject"))
    for each in found:
        table.add_row(
            str(each.id),
            clean(each.login),
            each.profile,
            _(_STATES[State(each.state)]),
            whole(f"{each.made_at:%Y-%m-%d %H:%M}"),
            clean(for_people(each.subject)),
        )
    console.print(table)


def _document(row: Request) -> dict[str, object]:
    return {
        "id": row.id,
        "login": row.login,
        "profile": row.profile,
        "subject": row.subject,
        "state": row.state,
        "public_key_sha256": row.key_sha256,
        "made_at": row.made_at.isoformat(),
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
        "decided_by": row.decided_by,
        "reason": row.reason,
        "serial": row.serial,
    }
