"""One look for every table."""

from __future__ import annotations

from rich import box
from rich.table import Table


def grid(*titles: str) -> Table:
    """An empty table in the look of them all."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for title in titles:
        table.add_column(title, overflow="fold")
    return table
