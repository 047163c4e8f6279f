"""Files of the register at a terminal: taken in with all that is wrong named, and given out."""

from __future__ import annotations

import codecs
import errno
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

from lockwright.console.answering import answering
from lockwright.console.clean import clean
from lockwright.console.grid import Grid
from lockwright.console.screen import Console
from lockwright.errors import FileNotRead, reason_of
from lockwright.i18n import N_, _, ngettext

from lockwright_desk.cli.program import Run
from lockwright_desk.cli.registered import register_of
from lockwright_desk.cli.who import administrator
from lockwright_desk.errors import DeskError
from lockwright_desk.helpdesk.register.exchange import giving_out
from lockwright_desk.helpdesk.register.exchange.kinds import Kind
from lockwright_desk.helpdesk.register.exchange.problems import Problem
from lockwright_desk.helpdesk.register.exchange.taking_in import Report
from lockwright_desk.helpdesk.register.exchange.taking_in import take_in as _take_in

IMPORT_CLIENTS = N_(
    """Import clients from a file, all of them or, where anything is wrong, none.

    CSV with the columns login and name, and as far as wanted phone, email, language and grade; or
    the same as JSON. What is wrong is told row by row. A column that is left out changes nothing.
    A client is known by the login, in whatever case; who is registered and differs is changed only
    with --update."""
)
IMPORT_TOKENS = N_(
    """Import tokens from a file, all of them or, where anything is wrong, none.

    CSV with the columns adapter, model and serial, and as far as wanted label, state, state_since,
    login and held_since; or the same as JSON. What is wrong is told row by row. A column that is
    left out changes nothing, an empty login takes the token back into the bank. What is registered
    and differs is changed only with --update; the two times are taken for new tokens only."""
)
EXPORT = N_(
    """Export everything as CSV, or with --json as JSON, to standard output, as import takes it.

    A cell of CSV that a spreadsheet would run as a formula gets an apostrophe in front, which
    import takes off again; JSON has none."""
)
Wish = TypeVar("Wish")
_CHUNK = 64 * 1024
_LARGEST = 1024**3
"""Bytes of a file that is no file on a disk."""
_EXCEL = codecs.BOM_UTF8.decode()


def take_in(
    run: Run,
    kind: Kind[Wish],
    file: Path,
    *,
    encoding: str | None,
    update: bool,
    dry_run: bool,
) -> int | None:
    """Take a file in, and tell; the exit code."""
    with _opened(file) as stream, run.output.working(_("Reading the file")):
        report = _take_in(
            register_of(run),
            administrator(),
            kind,
            stream,
            encoding=encoding,
            update=update,
            dry_run=dry_run,
        )
    return tell(run, report)


def tell(run: Run, report: Report) -> int | None:
    """Say what became of a file; the exit code."""
    run.output.answer(lambda: _document(report), lambda console: _print(console, report))
    if not report.wrong:
        if not report.written:
            run.output.note(_("Nothing was written: this was a look only."))
        return None
    run.output.note(_("Nothing was written. Correct what is named above, and repeat."))
    return DeskError.exit_code


def give_out(
    run: Run,
    name: str,
    rows: Iterator[giving_out.Document],
    *,
    excel: bool,
) -> None:
    """Write rows to stdout, in UTF-8 whatever the terminal has."""
    with answering():
        if run.options.json:
            for text in giving_out.as_json(name, rows):
                sys.stdout.write(text)
            return
        sys.stdout.flush()
        out = sys.stdout.buffer
        out.write(_EXCEL.encode() if excel else b"")
        columns, delimiter = giving_out.COLUMNS[name], ";" if excel else ","
        for text in giving_out.as_csv(columns, rows, delimiter):
            out.write(text.encode())
        out.flush()


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    """A file that can be read twice.

    Raises:
        FileNotRead: it cannot be read.
    """
    with ExitStack() as stack:
        try:
            if str(file) == "-":
                stream = _copied(stack, sys.stdin.buffer)
            else:
                stream = stack.enter_context(file.open("rb"))
                if not stat.S_ISREG(file.stat().st_mode):
                    stream = _copied(stack, stream)
        except (OSError, ValueError, AttributeError) as error:
            reason = (
                reason_of(error) if isinstance(error, OSError) else _("there is nothing to read")
            )
            raise FileNotRead(file=str(file), reason=reason) from None
        yield stream


def _copied(stack: ExitStack, source: BinaryIO) -> BinaryIO:
    """What comes through a pipe, in a file without a name."""
    copy: BinaryIO = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  # it is one
    while data := source.read(_CHUNK):
        copy.write(data)
        if copy.tell() > _LARGEST:
            raise OSError(errno.EFBIG, "")
    return copy


def _print(console: Console, report: Report) -> None:
    told = _(
        "Rows: {rows}; new: {added}; changed: {changed}; as they were: {same}; wrong: {wrong}."
    )
    console.print(
        told.format(
            rows=report.rows,
            added=report.added,
            changed=report.changed,
            same=report.same,
            wrong=report.wrong,
        )
    )
    if report.problems:
        table = Grid(_("Row"), _("Column"), _("What is wrong"), _("Code"))
        for each in report.problems:
            table.add_row(str(each.row), clean(each.column or "-"), clean(each.text), each.code)
        console.print(table)
    if more := report.wrong - len(report.problems):
        text = ngettext("... and {count} more", "... and {count} more", more)
        console.print(text.format(count=more))


def _document(report: Report) -> dict[str, object]:
    return {
        "rows": report.rows,
        "added": report.added,
        "changed": report.changed,
        "same": report.same,
        "wrong": report.wrong,
        "written": report.written,
        "problems": [_problem(each) for each in report.problems],
    }


def _problem(about: Problem) -> dict[str, object]:
    return {"row": about.row, "column": about.column, "code": about.code, "text": about.text}
