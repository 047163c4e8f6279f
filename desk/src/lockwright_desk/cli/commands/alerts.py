"""``lockwright-desk alerts``: what somebody should look at."""

from __future__ import annotations

from lockwright.console.framework import Place, argument, option
from lockwright.console.numbers import WholeNumber
from lockwright.console.screen import Console
from lockwright.i18n import N_, _

from lockwright_desk.cli import case_tables
from lockwright_desk.cli.commands.cases import LAST_NUMBER
from lockwright_desk.cli.help_desk import help_desk_of
from lockwright_desk.cli.program import Run, command, group
from lockwright_desk.cli.registered import tell_more
from lockwright_desk.cli.who import administrator
from lockwright_desk.helpdesk.service import MOST, PAGE

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
@option(
    "--after",
    type=WholeNumber(1, LAST_NUMBER),
    metavar="KEY",
    text=N_("Go on after the page before, which says this key."),
)
@option(
    "--count",
    type=WholeNumber(1, MOST),
    default=PAGE,
    metavar="N",
    text=N_("How many at most, 1 to 500; by default 50."),
)
def list_(run: Run, *, everything: bool, after: int | None, count: int) -> None:
    """Show them."""
    desk, who = help_desk_of(run), administrator()
    found = desk.alerts(who, everything=everything, after=after, most=count + 1)
    shown = found[:count]
    more = shown[-1].id if len(found) > count else None

    def told(console: Console) -> None:
        if shown:
            console.print(case_tables.alert_table(shown))
        else:
            console.print(_("There is no such alert."))

    run.output.answer(
        lambda: {"alerts": [case_tables.alert_document(each) for each in shown], "next": more},
        told,
    )
    tell_more(run, None if more is None else str(more))


@command("seen", text=N_("Note that somebody has looked at an alert; the first one stays noted."))
@argument("id", type=WholeNumber(1, LAST_NUMBER), text=N_("Number of the alert."))
def seen(run: Run, *, id: int) -> None:  # noqa: A002  # the name of the argument
    """Note it."""
    help_desk_of(run).seen(administrator(), id)
    run.output.answer(
        lambda: {"seen": id},
        lambda console: console.print(_("The alert {id} was looked at.").format(id=id)),
    )
