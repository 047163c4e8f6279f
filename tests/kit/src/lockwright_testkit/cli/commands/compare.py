"""``lockwright-kit compare``: where does the simulator differ from the token?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from lockwright.console.clean import clean
from lockwright.console.framework import argument
from lockwright.console.screen import Console

from lockwright_testkit.cli.errors import PersonalityUnusable
from lockwright_testkit.cli.program import Run, command
from lockwright_testkit.cli.reports import read_report, report_in

if TYPE_CHECKING:
    from lockwright_testkit.acceptance.difference import Difference

HELP = """Say where a personality of the simulator differs from the token of a report, as settings
to paste: into device.conf, or behind --set of lockwright-sim new. A simulated token is asked what
the token was asked, and once more with those settings. The report is checked against its record
before."""
DIFFERS = 1
"""Exit code where there is a difference."""


@command("compare", text=HELP)
@argument(
    "report",
    text="The folder that certify made, or its report.json.",
    type=click.Path(path_type=Path),
)
@argument("personality", text="A personality of the simulator.")
def compare(run: Run, report: Path, personality: str) -> int:
    """Compare and report."""
    from lockwright_testkit.acceptance import difference  # noqa: PLC0415  # slow to import
    from lockwright_testkit.build import BuildError  # noqa: PLC0415
    from lockwright_testkit.sim import SimulatorError  # noqa: PLC0415

    document = read_report(report_in(report))
    try:
        found = difference.compare(document, personality)
    except (SimulatorError, BuildError) as error:
        raise PersonalityUnusable(personality=personality, reason=str(error)) from None
    run.output.answer(
        lambda: {
            "personality": personality,
            "settings": dict(found.settings),
            "unlike": {name: list(both) for name, both in found.unlike.items()},
            "unseen": dict(found.unseen),
            "left": {name: list(both) for name, both in found.left.items()},
        },
        lambda console: _show(console, found),
    )
    return DIFFERS if found.settings or found.unlike else 0


def _show(console: Console, found: Difference) -> None:
    for name, value in found.settings.items():
        console.print(clean(f"{name} = {value}"))
    for name, (token, simulated) in found.unlike.items():
        console.print(clean(f"# no setting: {name}: token {token}, simulator {simulated or '-'}"))
    for name, (token, simulated) in found.left.items():
        console.print(clean(f"# still so: {name}: token {token}, simulator {simulated}"))
    for name, why in found.unseen.items():
        console.print(clean(f"# not seen: {name}: {why}"))
    if not found.settings and not found.unlike:
        console.print("# The simulator answers as the token did.")
