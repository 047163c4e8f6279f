"""Names of containers and objects as they were typed."""

from __future__ import annotations

import click

from lockwright.i18n import _
from lockwright.operations.names import is_blank


def refuse_blank(*selectors: str | None) -> None:
    """Refuse a name that says nothing, as an unset variable of the shell leaves it.

    Args:
        selectors: the names; None for one that was not given at all.

    Raises:
        click.UsageError: one is empty, blank, or ``0x`` without digits.
    """
    if any(selector is not None and is_blank(selector) for selector in selectors):
        raise click.UsageError(
            _("An empty name means nothing on a token; was a variable of the shell not set?"),
            click.get_current_context(),
        )
