"""``lockwright-desk tokens``: what becomes of a token, and whom it goes to."""

from __future__ import annotations

import click
from lockwright.console.clean import clean
from lockwright.console.framework import Body, argument, option
from lockwright.i18n import N_, _

from lockwright_desk.cli import registered
from lockwright_desk.cli.program import Run, command
from lockwright_desk.cli.registered import register_of
from lockwright_desk.cli.who import administrator
from lockwright_desk.helpdesk.register import change, find
from lockwright_desk.helpdesk.register.shown import TokenShown
from lockwright_desk.store.tables.register import TokenState


def _named(body: Body) -> Body:
    """Add what names a token."""
    for add in (
        option("--model", text=N_("Its model, where several have that number.")),
        option(
            "--adapter", metavar="NAME", text=N_("Its adapter, where several have that number.")
        ),
        argument("serial", text=N_("Serial number of the token, all of it.")),
    ):
        body = add(body)
    return body


def _reasoned(body: Body) -> Body:
    """Add what names a token, and why."""
    return _named(option("--reason", required=True, text=N_("Why, for the record."))(body))


@command(
    "suspend", text=N_("Suspend a token: a second person has to agree before it is unblocked.")
)
@_reasoned
def suspend(run: Run, **given: str | None) -> None:
    """Suspend one."""
    _turn(run, TokenState.SUSPENDED, given, _("The token {serial} is suspended."))


@command("lost", text=N_("Note that a token was lost: it is not unblocked any more."))
@_reasoned
def lost(run: Run, **given: str | None) -> None:
    """Note it."""
    _turn(run, TokenState.LOST, given, _("It is noted that the token {serial} was lost."))


@command("restore", text=N_("Issue a token again that was suspended or lost."))
@_reasoned
def restore(run: Run, **given: str | None) -> None:
    """Restore one."""
    _turn(run, TokenState.ISSUED, given, _("The token {serial} is issued again."))


@command("retire", text=N_("Retire a token, for good: nobody holds it, and it is never unblocked."))
@_reasoned
def retire(run: Run, **given: str | None) -> None:
    """Retire one."""
    _turn(run, TokenState.RETIRED, given, _("The token {serial} is retired."))


@command("hand-over", text=N_("Give a token to a client, or take it back into the bank."))
@_named
@option("--to", metavar="LOGIN", text=N_("The client who gets it."))
@option("--back", is_flag=True, text=N_("Take it back into the bank."))
def hand_over(run: Run, *, to: str | None, back: bool, **given: str | None) -> None:
    """Hand one over."""
    if (to is None) is not back:
        raise click.UsageError(_("Give either --to or --back."), click.get_current_context())
    who = administrator()
    token = _token(run, given)
    client = None if to is None else find.client(run.database, who, to)
    done = change.hand_over(register_of(run), who, token, client)
    text = (
        _("The token {serial} is in the bank.")
        if back
        else _("{holder} has the token {serial} now.")
    )
    _tell(run, done, text)


def _turn(run: Run, state: TokenState, given: dict[str, str | None], text: str) -> None:
    token = _token(run, given)
    reason = given["reason"] or ""
    _tell(run, change.set_state(register_of(run), administrator(), token, state, reason), text)


def _token(run: Run, given: dict[str, str | None]) -> TokenShown:
    return find.token_named(
        run.database,
        administrator(),
        given["serial"] or "",
        adapter=given["adapter"],
        model=given["model"],
    )


def _tell(run: Run, about: TokenShown, text: str) -> None:
    told = text.format(serial=clean(about.serial), holder=registered.holder(about))
    run.output.answer(lambda: registered.token_document(about), lambda console: console.print(told))
