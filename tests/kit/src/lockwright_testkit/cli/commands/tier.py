"""``lockwright-kit tier``: whether an adapter may claim what it claims."""

from __future__ import annotations

from pathlib import Path

import click
from lockwright.console.clean import clean
from lockwright.console.framework import option

from lockwright_testkit.cli.program import Run, command
from lockwright_testkit.tiers import FILE, TIERS, broken_rules

HELP = f"""See whether an adapter's project may claim the tier that it claims.

The claim stands in {FILE} of its package, which comes with the adapter to whoever chooses:
lockwright plugins --json shows it. The tiers are {", ".join(TIERS)}; what each takes is in the
reference page for those who choose. Reports of real tokens are held against their records and what
is said of them; with --ca, also their signatures. The exit code is 1 where a rule is broken."""
BROKEN = 1


@command("tier", text=HELP)
@option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(),
    metavar="PATH",
    text="Where the project is; the current folder if not given.",
)
@option(
    "--ca",
    text="Certificates of the CA that the signatures of reports must lead to, PEM.",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
def tier(run: Run, *, folder: Path, ca: Path | None) -> int | None:
    """Look at a project."""
    broken = list(broken_rules(folder.absolute(), ca))
    run.output.answer(
        lambda: {"folder": str(folder.absolute()), "broken": broken},
        lambda console: console.print(
            "\n".join(map(clean, broken)) or "It may claim what it claims."
        ),
    )
    return BROKEN if broken else None
