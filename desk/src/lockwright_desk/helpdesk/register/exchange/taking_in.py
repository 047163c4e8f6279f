"""A file taken into the register: looked through first, then written as a whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO, TypeVar

from lockwright.i18n import _
from sqlalchemy.exc import IntegrityError

from lockwright_desk.helpdesk.register.errors import ChangedMeanwhile
from lockwright_desk.helpdesk.register.exchange import csv_rows, json_rows
from lockwright_desk.helpdesk.register.exchange.kinds import Kind
from lockwright_desk.helpdesk.register.exchange.problems import Problem, RawRow, RowFault
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.signin.roles import Action, Who

_BATCH = 500
_CHUNK = 64 * 1024
KEPT = 1000
"""Problems that are named; of further ones there is only the number."""

Wish = TypeVar("Wish")


@dataclass(slots=True)
class Report:
    """What became of a file, or would."""

    rows: int = 0
    """Rows that were read."""
    added: int = 0
    changed: int = 0
    same: int = 0
    """Rows that the register has as they are."""
    wrong: int = 0
    """Problems in all."""
    problems: list[Problem] = field(default_factory=list)
    """The first of them, ``KEPT`` at most."""
    written: bool = False
    """Whether the register has it now."""

    def tell(self, problem: Problem) -> None:
        """Note that something is wrong."""
        self.wrong += 1
        if len(self.problems) < KEPT:
            self.problems.append(problem)


def take_in(
    register: Register,
    who: Who,
    kind: Kind[Wish],
    stream: BinaryIO,
    *,
    encoding: str | None = None,
    update: bool = False,
    dry_run: bool = False,
) -> Report:
    """Take a file in, CSV or JSON as its first character says.

    It is read twice: looked through without a lock, and written in one transaction where nothing
    is wrong, in which each row is compared with the register once more.

    Args:
        register: the register.
        who: who does it.
        kind: clients or tokens.
        stream: the file, from whose beginning is read.
        encoding: what a CSV is in, one of ``csv_rows.ENCODINGS``; None for what it says itself.
        update: change what is there already and differs; else that is a problem.
        dry_run: only look through it.

    Returns:
        What is wrong, or what was done.

    Raises:
        NotAllowed: who does it may not.
        ChangedMeanwhile: the register was changed between the two looks; nothing was written.
        AdapterBroken: an adapter failed to read a serial number.
    """
    if dry_run:
        who.require(Action.CHANGE_REGISTER)
        return _looked_through(register, kind, stream, encoding, update=update)
    about = {"operator": who.name, "sha256": _digest(stream), "update": update}
    with register.audit.operation(f"desk_{kind.name}_import", **about) as result:
        who.require(Action.CHANGE_REGISTER)
        report = _looked_through(register, kind, stream, encoding, update=update)
        if not report.wrong:
            report = _written(register, who, kind, stream, encoding, update=update)
        result |= {
            "rows": report.rows,
            "added": report.added,
            "changed": report.changed,
            "wrong": report.wrong,
        }
    return report


def _digest(stream: BinaryIO) -> str:
    """What tells the file from others, in the audit trail."""
    stream.seek(0)
    digest = hashlib.sha256()
    while data := stream.read(_CHUNK):
        digest.update(data)
    return digest.hexdigest()


def _looked_through(
    register: Register, kind: Kind[Wish], stream: BinaryIO, encoding: str | None, *, update: bool
) -> Report:
    report = Report()
    with register.database.reading() as session:
        for wishes in _wishes(kind, stream, encoding, report):
            settled = kind.settle(session, wishes, update=update)
            session.expunge_all()
            _count(report, len(settled.add), len(settled.change), settled.same)
            for problem in settled.problems:
                report.tell(problem)
    report.problems.sort(key=lambda problem: problem.row)
    return report


def _written(
    register: Register,
    who: Who,
    kind: Kind[Wish],
    stream: BinaryIO,
    encoding: str | None,
    *,
    update: bool,
) -> Report:
    report, now = Report(written=True), register.now()
    try:
        with register.database.writing() as session:
            for wishes in _wishes(kind, stream, encoding, report):
                settled = kind.settle(session, wishes, update=update, lock=True)
                if settled.problems or report.wrong:
                    raise ChangedMeanwhile
                kind.write(session, settled, by=who.name, now=now)
                _count(report, len(settled.add), len(settled.change), settled.same)
                session.flush()
                session.expunge_all()
            if report.wrong:
                raise ChangedMeanwhile
    except IntegrityError:  # somebody added the same a moment ago
        raise ChangedMeanwhile from None
    return report


def _wishes(
    kind: Kind[Wish], stream: BinaryIO, encoding: str | None, report: Report
) -> Iterator[list[Wish]]:
    """The rows that can be read, some at a time; the others are noted."""
    first: dict[object, int] = {}
    rows = _rows(kind, stream, encoding)
    while some := list(islice(rows, _BATCH)):
        wishes = []
        for row in some:
            if isinstance(row, Problem):
                report.tell(row)
                continue
            report.rows += 1
            wish, problems = kind.read(row)
            for problem in problems:
                report.tell(problem)
            if wish is None:
                continue
            if (before := first.setdefault(kind.key(wish), row.number)) != row.number:
                said = _("it stands in row {row} already").format(row=before)
                report.tell(Problem(row.number, None, RowFault.TWICE, said))
            else:
                wishes.append(wish)
        yield wishes


def _rows(kind: Kind[Wish], stream: BinaryIO, encoding: str | None) -> Iterator[RawRow | Problem]:
    if json_rows.begins(stream):
        return json_rows.read(stream, kind.name, kind.columns, kind.needed)
    return csv_rows.read(stream, encoding, kind.columns, kind.needed)


def _count(report: Report, added: int, changed: int, same: int) -> None:
    report.added += added
    report.changed += changed
    report.same += same
