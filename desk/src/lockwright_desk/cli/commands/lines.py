"""``lockwright-desk lines``: Requests that wait on the line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lockwright.console.clean import clean
from lockwright.console.grid import Grid
from lockwright.console.screen import Console
from lockwright.console.wrapping import whole
from lockwright.i18n import N_, _

from lockwright_desk.cli.help_desk import help_desk_of
from lockwright_desk.cli.program import Run, command
from lockwright_desk.cli.who import administrator
from lockwright_desk.helpdesk.over_line.operators import Waiting


@command(
    "lines",
    text=N_(
        """Show the Requests that wait on the line and that nobody has taken, the newest first: at
        most 100 of them.

        The Request itself is not shown, nor its check words: whoever answers hears them from the
        caller."""
    ),
)
def lines(run: Run) -> None:
    """Show them."""
    found, now = help_desk_of(run).lines(administrator()), run.now()

    def told(console: Console) -> None:
        console.print(_table(found, now) if found else _("Nothing waits on the line."))

    run.output.answer(lambda: {"lines": [_document(each, now) for each in found]}, told)


def _table(found: Sequence[Waiting], now: datetime) -> Grid:
    table = Grid(
        _("Number"), _("Waits, s"), _("Left, s"), _("Window"), _("Serial number"), _("Client")
    )
    for each in found:
        holder = _("not in the register")
        if each.client is not None:
            holder = f"{clean(each.client)} ({clean(each.login or '')})"
        table.add_row(
            whole(each.spoken),
            str(_seconds(each.came_at, now)),
            str(_seconds(now, each.ends_at)),
            _("silent") if each.silent else _("there"),
            whole(clean(each.serial)),
            holder,
        )
    return table


def _document(line: Waiting, now: datetime) -> dict[str, object]:
    return {
        "number": line.number,
        "waits_seconds": _seconds(line.came_at, now),
        "left_seconds": _seconds(now, line.ends_at),
        "silent": line.silent,
        "adapter": line.adapter,
        "serial": line.serial,
        "client": line.client,
        "login": line.login,
    }


def _seconds(since: datetime, until: datetime) -> int:
    """Whole seconds; none where clocks of two servers differ."""
    return max(0, int((until - since).total_seconds()))
