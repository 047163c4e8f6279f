"""``lockwright-desk audit``: whether the records of all servers are whole, and name everything."""

from __future__ import annotations

from pathlib import Path

import click
from lockwright.console.clean import clean
from lockwright.console.framework import Place, argument
from lockwright.console.screen import Console
from lockwright.i18n import N_, _, ngettext

from lockwright_desk.audit.trails import Compared, compared
from lockwright_desk.cli.program import Run, command, group
from lockwright_desk.errors import AuditIncomplete

_SHOWN = 5

audit = group(
    "audit",
    places={
        "verify": Place(
            __name__, "verify", N_("Check the audit trails of all servers against the database.")
        )
    },
    text=N_("The records of what the servers did."),
)


@command(
    "verify",
    text=N_(
        """Check that each audit trail is whole, and that together they name every certificate in
        the database.

        FILE is the trail of a server; give those of all servers with this database, and those that
        were moved away. Without it the trail of the configuration is checked."""
    ),
)
@argument(
    "files",
    nargs=-1,
    type=click.Path(path_type=Path),
    metavar="[FILE]...",
    text=N_("Audit trails of all servers."),
)
def verify(run: Run, *, files: tuple[Path, ...]) -> None:
    """Check them."""
    found = compared(files or (run.settings.audit,), run.database)
    if found.unrecorded:
        shown = found.unrecorded[:_SHOWN]
        more = ["..."] if len(found.unrecorded) > _SHOWN else []
        raise AuditIncomplete(count=len(found.unrecorded), serials=(*shown, *more))
    run.output.answer(lambda: _document(found), lambda console: _tell(console, found))


def _tell(console: Console, found: Compared) -> None:
    for file, summary in found.trails:
        told = _("{file} is whole. Lines: {lines}; operations: {count}; not ended: {unfinished}.")
        console.print(
            told.format(
                file=clean(str(file)),
                lines=summary.lines,
                count=summary.operations,
                unfinished=len(summary.unfinished),
            )
        )
    console.print(
        ngettext(
            "The {count} certificate in the database is recorded.",
            "All {count} certificates in the database are recorded.",
            found.certificates,
        ).format(count=found.certificates)
    )
    for said, serials in (
        (_("  - {serial}: the server ended before it could record that it was issued"), "cut"),
        (_("  - {serial}: recorded, and not in the database"), "unknown"),
    ):
        for serial in found.interrupted if serials == "cut" else found.unknown:
            console.print(said.format(serial=clean(serial)), style="yellow")


def _document(found: Compared) -> dict[str, object]:
    return {
        "trails": [
            {"file": str(file), "lines": summary.lines, "operations": summary.operations}
            for file, summary in found.trails
        ],
        "certificates": found.certificates,
        "interrupted": list(found.interrupted),
        "unknown": list(found.unknown),
    }
