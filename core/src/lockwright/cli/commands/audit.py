"""``lockwright audit``: the record of what was done, shown, given out, and whether it is whole."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from lockwright.audit import AuditSummary
from lockwright.audit import verify as verify_trail
from lockwright.audit.anchors import anchored_heads
from lockwright.audit.asked import wanted_options
from lockwright.audit.reading import newest_of_all
from lockwright.audit.shown import document, give_out, print_part
from lockwright.audit.wanted import Wanted
from lockwright.cli.invocation import Invocation
from lockwright.cli.program import command, group
from lockwright.console.clean import clean
from lockwright.console.framework import Place, option
from lockwright.console.numbers import WholeNumber
from lockwright.console.screen import Console
from lockwright.i18n import N_, _

HELP = N_(
    """Check the audit file from its first line to its last: a line that was changed, dropped or
    moved is found."""
)

SHOW = N_(
    """Show operations of the audit file, the newest last, each with how it ended.

    A time without a zone is this computer's; the table has UTC."""
)
EXPORT = N_(
    """Give the records of operations out to standard output: the lines of the audit file as they
    are, JSON each, or rows of CSV. A cell of CSV that a spreadsheet would run gets an apostrophe
    in front."""
)

audit = group(
    "audit",
    places={
        "verify": Place(__name__, "verify", N_("Check that the audit trail is intact.")),
        "show": Place(__name__, "show", N_("Show what was done.")),
        "export": Place(__name__, "export", N_("Give out what was done, as JSON lines or CSV.")),
    },
    text=N_("The record of what was done."),
)
_FILE = option(
    "--file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    text=N_("Audit file to read instead of the configured one."),
)


@command("show", text=SHOW)
@wanted_options
@option(
    "--count",
    type=WholeNumber(1, 10000),
    metavar="N",
    default=50,
    text=N_("Operations at most, 1 to 10000; by default 50."),
)
@_FILE
def show(run: Invocation, *, wanted: Wanted, count: int, file: Path | None) -> None:
    """Show the newest that fit."""
    path = _path(run, file)
    part = newest_of_all(path, wanted, count)
    run.output.answer(lambda: document(path, part), lambda console: print_part(console, part))


@command("export", text=EXPORT)
@wanted_options
@option("--csv", "as_csv", is_flag=True, text=N_("CSV instead of JSON lines."))
@_FILE
def export(run: Invocation, *, wanted: Wanted, as_csv: bool, file: Path | None) -> None:
    """Give them out."""
    give_out([_path(run, file)], wanted, as_csv=as_csv)


@command("verify", text=HELP)
@option(
    "--file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    text=N_("Audit file to check instead of the configured one."),
)
@option(
    "--anchor",
    "anchors",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    text=N_("An anchor of this trail, made by lockwright-desk audit anchor; may be repeated."),
)
@option(
    "--anchor-key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    text=N_("PEM, the public key that anchors are signed with, from where you keep it."),
)
def verify(
    run: Invocation, *, file: Path | None, anchors: tuple[Path, ...], anchor_key: Path | None
) -> None:
    """Check the hash chain."""
    path = _path(run, file)
    if anchors and anchor_key is None:
        raise click.UsageError(
            _("--anchor needs --anchor-key: the key by which it is known."),
            click.get_current_context(),
        )
    known = anchored_heads(anchors, anchor_key, [path])[path] if anchor_key else ()
    summary = verify_trail(path, known)
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


def _path(run: Invocation, file: Path | None) -> Path:
    path = file or run.config.audit
    if path is None:
        raise click.UsageError(
            _("No audit file is kept: audit.enabled is false in the configuration."),
            click.get_current_context(),
        )
    return path
