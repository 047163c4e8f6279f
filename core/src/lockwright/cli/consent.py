"""A person's yes before something is done that cannot be undone by itself."""

from __future__ import annotations

import click

from lockwright.cli.invocation import Invocation

REFUSED = 1
"""Exit code when the person did not agree."""


def need_terminal(run: Invocation, otherwise: str) -> None:
    """Refuse at once where nobody can be asked.

    Args:
        run: the command.
        otherwise: what is said then: what nobody can be asked, and what to do without a terminal.

    Raises:
        click.UsageError: there is no terminal, or the answer is for a program.
    """
    if run.options.json or not run.terminal.there:
        raise click.UsageError(otherwise, click.get_current_context())
