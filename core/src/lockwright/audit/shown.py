"""A part of an audit trail as a terminal, a spreadsheet or a program reads it."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from lockwright.audit.reading import Part, lines
from lockwright.audit.records import parse
from lockwright.audit.wanted import Operation, Wanted, person_of
from lockwright.console.answering import answering
from lockwright.console.clean import clean
from lockwright.console.grid import Grid
from lockwright.console.screen import Console
from lockwright.console.wrapping import whole
from lockwright.errors import AuditUnreadable
from lockwright.i18n import _

COLUMNS = ("seq", "time", "who", "hook", "event", "outcome", "error", "facts")
"""Of the CSV."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run."""


def print_part(console: Console, part: Part) -> None:
    """Operations as a table, the newest last, as in a log."""
    if not part.operations:
        console.print(_("No operation fits."))
        return
    table = Grid(_("Line"), _("When"), _("Who"), _("Operation"), _("Outcome"), _("Facts"))
    for each in reversed(part.operations):
        table.add_row(
            whole(str(each.seq)),
            clean(each.time.replace("T", " ")[:19]),
            clean(each.person),
            clean(each.hook),
            _outcome(each),
            clean(_told(each.facts)),
        )
    console.print(table)
    if part.before is not None:
        console.print(_("There is more before that: see --count and --since."))


def document(file: Path, part: Part) -> Mapping[str, object]:
    """The same as a document."""
    return {
        "file": str(file),
        "operations": [asdict(each) for each in reversed(part.operations)],
        "more": part.before is not None,
    }


def give_out(files: Sequence[Path], wanted: Wanted, *, as_csv: bool) -> None:
    """Write the records of the operations that fit to stdout, in UTF-8 whatever the terminal has.

    Args:
        files: the trails, one behind the other.
        wanted: which operations.
        as_csv: rows in place of the lines of the trail.

    Raises:
        AuditUnreadable: one of them is not there, or cannot be read.
        BrokenPipeError, AnswerLost: nobody takes it.
    """
    for file in files:
        if not file.exists():
            raise AuditUnreadable(file=str(file), reason=_("there is no such file"))
    found = (line for file in files for line in lines(file, wanted))
    with answering():
        sys.stdout.flush()
        for data in csv_of(found) if as_csv else found:
            sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def csv_of(found: Iterable[bytes]) -> Iterator[bytes]:
    """A row for each line of a trail; what a spreadsheet would take for a formula is text."""
    yield _row(COLUMNS)
    for line in found:
        if record := parse(line):
            facts = json.dumps(record.get("facts", {}), ensure_ascii=False, sort_keys=True)
            values = {**record, "who": person_of(record), "facts": facts}
            yield _row([str(values.get(name) or "") for name in COLUMNS])


def _row(values: Sequence[str]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerow(f"'{each}" if each.startswith(_FORMULA) else each for each in values)
    return file.getvalue().encode("utf-8", "backslashreplace")


def _outcome(about: Operation) -> str:
    match about.outcome:
        case None:
            return _("no end on record")
        case "ok":
            return _("done")
        case code:
            return clean(code)


def _told(facts: Mapping[str, object]) -> str:
    """Facts in a line; what is empty is left out."""
    said = (
        f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for name, value in facts.items()
        if value not in (None, "", [], {})
    )
    return "; ".join(said)
