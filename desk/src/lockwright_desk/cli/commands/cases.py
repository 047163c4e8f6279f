"""``lockwright-desk cases``: the cases of the help desk."""

from __future__ import annotations

import click
from lockwright.console.framework import Place, argument, option
from lockwright.console.screen import Console
from lockwright.i18n import N_, _

from lockwright_desk.cli import case_tables, paged
from lockwright_desk.cli.help_desk import help_desk_of
from lockwright_desk.cli.program import Run, command, group
from lockwright_desk.cli.who import administrator
from lockwright_desk.helpdesk.states import OPEN
from lockwright_desk.helpdesk.views import Filters
from lockwright_desk.store.tables.cases import CaseState

cases = group(
    "cases",
    places={
        "list": Place(__name__, "list_", N_("Show cases, the newest first.")),
        "show": Place(__name__, "show", N_("Show a case, and what was done in it.")),
    },
    text=N_("Cases of the help desk: from the call to the Response."),
)


@command("list", text=N_("Show cases that are not closed, the newest first."))
@option("--all", "everything", is_flag=True, text=N_("Show those that are closed, too."))
@option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([each.value for each in CaseState]),
    text=N_("Only cases in this state; may be given more than once."),
)
@option("--operator", metavar="NAME", text=N_("Only cases that this operator has opened."))
@paged.after_number()
@paged.count()
def list_(  # an option each
    run: Run,
    *,
    everything: bool,
    states: tuple[str, ...],
    operator: str | None,
    after: int | None,
    count: int,
) -> None:
    """Show them."""
    chosen = frozenset(map(CaseState, states)) or (None if everything else OPEN)
    filters = Filters(states=chosen, opened_by=operator)
    page = help_desk_of(run).queue(administrator(), filters, after=after, most=count)

    paged.answer(
        run,
        "cases",
        page.cases,
        page.after,
        table=case_tables.case_table,
        document=case_tables.listed_document,
        none=_("There is no such case."),
    )


@command("show", text=N_("Show a case, and what was done in it by whom."))
@argument("number", text=N_("Number of the case; what sets its digits apart does not matter."))
def show(run: Run, *, number: str) -> None:
    """Show one."""
    desk, who = help_desk_of(run), administrator()
    case, events = desk.case(who, number), desk.history(who, number)

    def told(console: Console) -> None:
        for name, value in case_tables.about(case):
            console.print(f"{name}: {value}")
        console.print()
        console.print(case_tables.history_table(events))

    run.output.answer(lambda: case_tables.case_document(case, events), told)
