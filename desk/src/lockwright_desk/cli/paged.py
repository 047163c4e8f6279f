"""Lists that are shown page by page: the two options that they share, and the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from lockwright.console.framework import option
from lockwright.console.grid import Grid
from lockwright.console.numbers import WholeNumber
from lockwright.console.screen import Console
from lockwright.i18n import N_, _

from lockwright_desk.cli.program import Run
from lockwright_desk.helpdesk.register.pages import MOST, SIZE

LAST_NUMBER = 2**53
"""The last number of a row that JSON has exactly."""

Row = TypeVar("Row")


def after(**settings: Any) -> Callable[..., Any]:
    """``--after``; the settings are click's."""
    text = N_("Go on after the page before, which says this key.")
    return option("--after", metavar="KEY", text=text, **settings)


def after_number() -> Callable[..., Any]:
    """``--after`` of a list that goes by the numbers of its rows."""
    return after(type=WholeNumber(1, LAST_NUMBER))


def count() -> Callable[..., Any]:
    """``--count``."""
    text = N_("How many at most, 1 to 500; by default 50.")
    return option("--count", type=WholeNumber(1, MOST), default=SIZE, metavar="N", text=text)


def answer(  # what differs from list to list
    run: Run,
    name: str,
    rows: Sequence[Row],
    following: str | int | None,
    *,
    table: Callable[[Sequence[Row]], Grid],
    document: Callable[[Row], object],
    none: str,
) -> None:
    """Tell a page of a list.

    Args:
        run: what is run.
        name: name of the rows in JSON.
        rows: the rows.
        following: key of the page that follows; None where none does.
        table: draws them.
        document: one of them in JSON.
        none: what is said where there are none, translated.
    """

    def told(console: Console) -> None:
        console.print(table(rows) if rows else none)

    run.output.answer(lambda: {name: list(map(document, rows)), "next": following}, told)
    if following is not None:
        said = _("There are more; the next ones come with: --after {key}")
        run.output.note(said.format(key=following))
