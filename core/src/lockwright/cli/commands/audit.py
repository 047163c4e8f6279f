"""``lockwright audit verify``: whether the record of what was done is whole."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from lockwright.audit import AuditSummary
from lockwright.audit import verify as verify_trail
from lockwright.cli.invocation import Invocation
from lockwright.cli.program import command, group
from lockwright.console.clean import clean
from lockwright.console.framework import Place, option
from lockwright.console.screen import Console
from lockwright.i18n import N_, _

HELP = N_(
    """Check the audit file from its first line to its last: a line that was changed, dropped or
    moved is found."""
)

audit = group(
    "audit",
    places={"verify": Place(__name__, "verify", N_("Check that the audit trail is intact."))},
    text=N_("The record of what was done."),
)


@command("verify", text=HELP)
@option(
    "--file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    text=N_("Audit file to check instead of the configured one."),
)
def verify(run: Invocation, *, file: Path | None) -> None:
    """Check the hash chain."""
    path = file or run.config.audit
    if path is None:
        raise click.UsageError(
            _("No audit file is kept: audit.enabled is false in the configuration."),
            click.get_current_context(),
        )
    summary = verify_trail(path)
    run.output.answer(
        lambda: {
            "file": str(path),
            "intact": True,
            "lines": summary.lines,
            "operations": summary.operations,
            "unfinished": [asdict(each) for each in summary.unfinished],
            "torn": list(summary.torn),
            "first": summary.first,
            "last": summary.last,
        },
        lambda console: _tell(console, path, summary),
    )


def _tell(console: Console, path: Path, summary: AuditSummary) -> None:
    told = _("{file} is intact. Lines: {lines}; operations: {operations}; not ended: {unfinished}.")
    console.print(
        told.format(
            file=clean(str(path)),
            lines=summary.lines,
            operations=summary.operations,
            unfinished=len(summary.unfinished),
        )
    )
    for each in summary.unfinished:
        console.print(
            _("  - line {line}: {hook} on {serial}, begun {time}, has no outcome").format(
                line=each.line, hook=each.hook, serial=clean(each.serial), time=each.time
            ),
            style="yellow",
        )
