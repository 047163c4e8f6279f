"""``lockwright-desk audit``: the records of the servers, shown, given out, checked and anchored."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
from lockwright.audit.anchors import anchored_heads
from lockwright.audit.asked import wanted_options
from lockwright.audit.reading import newest_of_all
from lockwright.audit.shown import document, give_out, print_part
from lockwright.audit.wanted import Wanted
from lockwright.console.clean import clean
from lockwright.console.framework import Place, argument, option
from lockwright.console.numbers import WholeNumber
from lockwright.console.screen import Console
from lockwright.i18n import N_, _, ngettext

from lockwright_desk.audit.trails import Compared, compared
from lockwright_desk.cli.program import Run, command, group
from lockwright_desk.cli.who import administrator
from lockwright_desk.enrolment.authority import anchoring
from lockwright_desk.errors import AuditIncomplete

_SHOWN = 5

audit = group(
    "audit",
    places={
        "verify": Place(
            __name__, "verify", N_("Check the audit trails of all servers against the database.")
        ),
        "show": Place(__name__, "show", N_("Show what was done.")),
        "export": Place(__name__, "export", N_("Give out what was done, as JSON lines or CSV.")),
        "anchor": Place(
            __name__, "anchor", N_("Sign how the trail ends, so that a cut end is found.")
        ),
    },
    text=N_("The records of what the servers did."),
)


@command(
    "show",
    text=N_(
        """Show operations of an audit trail, the newest last, each with how it ended.

        FILE is a trail; without it that of the configuration is read. A time without a zone is this
        computer's; the table has UTC."""
    ),
)
@wanted_options
@option(
    "--count",
    type=WholeNumber(1, 10000),
    metavar="N",
    default=50,
    text=N_("Operations at most, 1 to 10000; by default 50."),
)
@argument(
    "file",
    required=False,
    type=click.Path(path_type=Path),
    metavar="[FILE]",
    text=N_("Audit trail of a server."),
)
def show(run: Run, *, wanted: Wanted, count: int, file: Path | None) -> None:
    """Show the newest that fit."""
    path = file or run.settings.audit
    part = newest_of_all(path, wanted, count)
    run.output.answer(lambda: document(path, part), lambda console: print_part(console, part))


@command(
    "export",
    text=N_(
        """Give the records of operations out to standard output: the lines of the trail as they
        are, JSON each, or rows of CSV. That they were taken away is itself recorded.

        FILE is a trail, and several are given out one behind the other; without it that of the
        configuration is. A cell of CSV that a spreadsheet would run gets an apostrophe in front."""
    ),
)
@wanted_options
@option("--csv", "as_csv", is_flag=True, text=N_("CSV instead of JSON lines."))
@argument(
    "files",
    nargs=-1,
    type=click.Path(path_type=Path),
    metavar="[FILE]...",
    text=N_("Audit trails."),
)
def export(run: Run, *, wanted: Wanted, as_csv: bool, files: tuple[Path, ...]) -> None:
    """Give them out."""
    paths = files or (run.settings.audit,)
    about = {name: str(value) for name, value in asdict(wanted).items() if value}
    form = "csv" if as_csv else "jsonl"
    with run.audit.operation(
        "desk_audit_export", operator=administrator().name, form=form, filters=about
    ):
        give_out(paths, wanted, as_csv=as_csv)


@command(
    "anchor",
    text=N_(
        """Check the audit trail, and have the HSM sign the number and the hash of its last line.

        Where an earlier anchor of the trail lies beside the new one, or is named, only what is
        behind it is checked; what was changed before it, audit verify finds at any time.

        Keep what comes of it where nobody of the desk can change it, and the public key, too: an
        audit verify with both finds a trail whose end was cut off since, or that was written anew.
        The key is made in the token the first time."""
    ),
)
@option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    text=N_("New file to write to, or a folder to write a new file in; by default this folder."),
)
@option(
    "--since",
    type=click.Path(path_type=Path),
    metavar="FILE",
    text=N_("An earlier anchor, behind which the trail is checked."),
)
@option("--whole", is_flag=True, text=N_("Check all of the trail, from its first line."))
def anchor(run: Run, *, out: Path | None, since: Path | None, whole: bool) -> None:
    """Sign it."""
    settings = run.settings
    if whole and since is not None:
        said = _("Give either --since or --whole.")
        raise click.UsageError(said, click.get_current_context())
    made = anchoring.prepare(settings.anchor)
    if made:
        run.output.note(
            _("A key for anchors was made. Keep a copy of {file} elsewhere.").format(
                file=settings.anchor.public_key
            )
        )
    with run.audit.operation("desk_audit_anchor", operator=administrator().name) as result:
        by = anchoring.By(since, newest=not whole)
        found = anchoring.anchor(settings.anchor, settings.audit, out or Path(), run.now(), by)
        result.update({"anchor": dict(found.said), "checked_since": found.since})
    run.output.answer(
        lambda: {**found.said, "file": str(found.file), "checked_since": found.since},
        lambda console: _tell_anchored(console, found),
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
@option(
    "--anchor",
    "anchors",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    text=N_("An anchor of one of these trails; may be repeated."),
)
@option(
    "--anchor-key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    text=N_("PEM, the public key of anchors; by default the one that lies beside the desk."),
)
@argument(
    "files",
    nargs=-1,
    type=click.Path(path_type=Path),
    metavar="[FILE]...",
    text=N_("Audit trails of all servers."),
)
def verify(
    run: Run, *, files: tuple[Path, ...], anchors: tuple[Path, ...], anchor_key: Path | None
) -> None:
    """Check them."""
    paths = files or (run.settings.audit,)
    key = anchor_key or run.settings.anchor.public_key
    anchored = anchored_heads(anchors, key, paths) if anchors else {}
    found = compared(paths, run.database, anchored)
    if found.unrecorded:
        shown = found.unrecorded[:_SHOWN]
        more = ["..."] if len(found.unrecorded) > _SHOWN else []
        raise AuditIncomplete(count=len(found.unrecorded), serials=(*shown, *more))
    run.output.answer(lambda: _document(found), lambda console: _tell(console, found))


def _tell_anchored(console: Console, found: anchoring.Anchored) -> None:
    told = _("Line {seq} of the trail is anchored in {file}.")
    console.print(told.format(seq=found.said["seq"], file=clean(str(found.file))))
    if found.since:
        told = _("It was checked behind line {seq}, which was anchored before.")
        console.print(told.format(seq=found.since))
    else:
        console.print(_("All of it was checked."))


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
