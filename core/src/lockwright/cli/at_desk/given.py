"""What the command line says of a case; a person is asked for the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import click

from lockwright.cli.invocation import Invocation
from lockwright.console.clean import clean
from lockwright.i18n import _

_NEEDED = ("serial", "means", "request", "check", "reason", "ticket")
"""What a whole case needs, options by their names, where nobody can be asked."""
_DIGITS = 8
"""Of a case's number."""


class Given:
    """What was given; each is used once, and asked for where it was refused.

    Args:
        run: the command.
        options: options by their names; None for one that was not given.
        case: number of a case to go on with.
        outcome: how it ended, ``worked``, ``failed`` or ``call-off``.

    Raises:
        UsageError: nobody can be asked for what is missing, or no case has such a number.
    """

    def __init__(
        self,
        run: Invocation,
        options: Mapping[str, str | None],
        case: str | None,
        outcome: str | None,
    ) -> None:
        self._run = run
        self.case = case
        self.outcome = outcome
        self.values = {name: said for name, said in options.items() if said}
        if case is not None and sum(map(str.isdigit, case)) != _DIGITS:
            text = _("The case {number} cannot be: a case has eight digits, such as 4827-1930.")
            raise click.UsageError(text.format(number=clean(case)), click.get_current_context())
        if not run.terminal.there and case is None:
            self._refuse([name for name in _NEEDED if name not in self.values])

    def take(self, name: str, ask: Callable[[], str]) -> str:
        """What was given, the first time; otherwise what a person answers.

        Raises:
            UsageError: nobody can be asked.
            Interrupted: the person ended it.
        """
        said = self.values.pop(name, None)
        if said is None:
            if not self._run.terminal.there:
                self._refuse([name])
            said = ask()
        return said

    def _refuse(self, missing: list[str]) -> None:
        if missing:
            text = _("There is no terminal to ask on; give also: {options}")
            options = ", ".join(f"--{name}" for name in missing)
            raise click.UsageError(text.format(options=options), click.get_current_context())
