"""``lockwright-desk alerts``: what somebody should look at."""

from __future__ import annotations

from lockwright.console.framework import Place, argument, option
from lockwright.console.numbers import WholeNumber
from lockwright.i18n import N_, _

from lockwright_desk.cli import case_tables, paged
from lockwright_desk.cli.help_desk import help_desk_of
from lockwright_desk.cli.program import Run, command, group
from lockwright_desk.cli.who import administrator

alerts = group(
    "alerts",
    places={
        "list": Place(__name__, "list_", N_("Show alerts, the newest first.")),
        "seen": Place(__name__, "seen", N_("Note that somebody has looked at an alert.")),
    },
    text=N_("What somebody should look at: limits, doubled cases, wrong words, odd hours."),
)


@command("list", text=N_("Show alerts that nobody has looked at, the newest first."))
@option("--all", "everything", is_flag=True, text=N_("Show those that were seen, too."))
@paged.after_number()
@paged.count()
def list_(run: Run, *, everything: bool, after: int | None, count: int) -> None:
    """Show them."""
    desk, who = help_desk_of(run), administrator()
    found = desk.alerts(who, everything=everything, after=after, most=count + 1)
    shown = found[:count]
    more = shown[-1].id if len(found) > count else None

    paged.answer(
        run,
        "alerts",
        shown,
        more,
        table=case_tables.alert_table,
        document=case_tables.alert_document,
        none=_("There is nothing to look at."),
    )


@command("seen", text=N_("Note that somebody has looked at an alert; the first one stays noted."))
@argument("id", type=WholeNumber(1, paged.LAST_NUMBER), text=N_("Number of the alert."))
def seen(run: Run, *, id: int) -> None:  # noqa: A002  # the name of the argument
    """Note it."""
    help_desk_of(run).seen(administrator(), id)
    run.output.answer(
        lambda: {"seen": id},
        lambda console: console.print(_("The alert {id} was looked at.").format(id=id)),
    )
