"""What ``delete`` and ``wipe`` share: the plan on the screen, the consent, the report."""

from __future__ import annotations

from collections.abc import Callable

from lockwright.cli import documents
from lockwright.cli.consent import REFUSED, need_terminal
from lockwright.cli.invocation import Invocation
from lockwright.cli.plan_table import targets
from lockwright.cli.watched import deleting
from lockwright.console.clean import clean
from lockwright.console.screen import Console
from lockwright.i18n import _, ngettext
from lockwright.models import Plan, Report
from lockwright.operations.object_names import describe


def need_consent(run: Invocation, instead: str) -> None:
    """Refuse at once where nobody can be asked.

    Args:
        run: the command.
        instead: what to do without a terminal, a sentence.

    Raises:
        click.UsageError: there is no terminal, or the answer is for a program.
    """
    told = _("Nobody can be asked whether to delete. {instead}")
    need_terminal(run, told.format(instead=instead))


def refused(run: Invocation) -> int:
    """Say that nothing was done, and return the exit code for it."""
    run.output.note(_("Nothing was deleted."))
    return REFUSED


def show_plan(console: Console, plan: Plan, warn_days: int) -> None:
    """Show what would go."""
    console.print(_("These go from the token {serial}:").format(serial=clean(plan.serial)))
    if plan.targets:
        console.print(targets(plan, warn_days))
    if plan.loses_keys:
        console.print(_("A private key that is deleted cannot be brought back."), style="bold red")


def nothing_to_do(run: Invocation, plan: Plan, words: str) -> int:
    """Say that there is nothing to delete, which is no error."""
    run.output.answer(
        lambda: {"token": plan.serial, "plan": documents.plan(plan), "gone": [], "left": []},
        lambda console: console.print(words),
    )
    return 0


def carry_out(
    run: Invocation, plan: Plan, work: Callable[[], Report], *, stops: bool = True
) -> None:
    """Delete what was agreed to and say what is gone.

    Args:
        run: the command.
        plan: what was agreed to.
        work: does it.
        stops: whether that can be stopped between two objects.

    Raises:
        PlanStale: the content changed since; nothing is gone.
        PartlyDeleted, DeletionStopped: some of it is still there.
    """
    with deleting(run, len(plan.targets), stops=stops):
        report = work()

    def text(console: Console) -> None:
        if not report.gone:
            console.print(_("The token is empty."))
            return
        number = len(report.gone)
        told = ngettext("{number} object is gone:", "{number} objects are gone:", number)
        console.print(told.format(number=number))
        for obj in report.gone:
            console.print(f"  - {clean(describe(obj))}")

    run.output.answer(
        lambda: {
            "token": plan.serial,
            "plan": documents.plan(plan),
            "gone": [documents.single(obj) for obj in report.gone],
            "left": [documents.single(obj) for obj in report.left],
        },
        text,
    )
