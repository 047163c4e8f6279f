"""Check an audit file from its first line, or from one that is known, to its head."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from lockwright.audit.lines import Line, count_before, find
from lockwright.audit.records import (
    HEADLESS,
    INTENT,
    OUTCOME,
    START,
    TORN,
    Head,
    Record,
    canonical,
    head_path,
    parse,
    read_head,
    seq_of,
)
from lockwright.audit.trail import PATIENCE
from lockwright.contract.audit_facts import digest
from lockwright.errors import AuditBroken, AuditBusy, AuditUnreadable, reason_of
from lockwright.files import regular
from lockwright.files.lock import StillHeld, locked_within
from lockwright.i18n import N_, _
from lockwright.records import dataclass

_HEAD_GONE = N_("the head file is gone or damaged, so records may be missing after it")


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An operation whose outcome is not recorded: it is under way, or its process died."""

    line: int
    """Line of its intent."""
    time: str
    """When it began, UTC."""
    hook: str
    """What it was to do."""
    serial: str
    """Token it was to do it on."""


@dataclass(frozen=True, slots=True)
class AuditSummary:
    """What an intact audit file holds."""

    lines: int
    """Lines in it."""
    operations: int
    """Operations begun."""
    unfinished: tuple[Unfinished, ...]
    """Operations without an outcome."""
    torn: tuple[int, ...]
    """Lines whose writing was cut short by a crash; nothing after them is lost."""
    first: str | None
    """Time of the first line, UTC; None in an empty file."""
    last: str | None
    """Time of the last line, UTC; None in an empty file."""


def verify(path: Path, known: Sequence[Head] = ()) -> AuditSummary:
    """Check every line of an audit file, and that none is missing at its end.

    Args:
        path: the file.
        known: lines that are known from elsewhere, such as from anchors; each has to be there.

    Raises:
        AuditBroken: it is not what was written, or was taken away.
        AuditUnreadable: nothing was written yet, or it or its head cannot be read.
        AuditBusy: another program held its lock all the time.
    """
    try:
        with _opened(path) as file:
            return _Check(path, _head(path), known).run(file)
    except FileNotFoundError as error:
        if head := _head(path):
            return _Check(path, head, known).run(())
        raise _unreadable(path, error) from error
    except StillHeld:
        raise AuditBusy(file=str(path), seconds=round(PATIENCE)) from None
    except OSError as error:
        raise _unreadable(path, error) from error


def verify_since(path: Path, since: Head) -> AuditSummary:
    """Check every line behind one that is known from elsewhere, and that none is missing.

    What was changed before that line is not seen here; ``verify`` finds it at any time, since the
    lines behind are chained to it.

    Args:
        path: the file.
        since: the line, such as an anchor names it.

    Returns:
        What the lines behind it hold.

    Raises:
        AuditBroken: the line is another one, or is not there; or what is behind it is not what was
            written.
        AuditUnreadable: the file or its head cannot be read.
        AuditBusy: another program held its lock all the time.
    """
    try:
        with _opened(path) as file:
            found = find(file, since.seq)
            end = 0 if found is None else found.end
            check = _Check(path, _head(path), [since], since, lambda: count_before(file, end))
            check.begin(found)
            file.seek(end)
            return check.run(file)
    except StillHeld:
        raise AuditBusy(file=str(path), seconds=round(PATIENCE)) from None
    except OSError as error:
        raise _unreadable(path, error) from error


def _head(path: Path) -> Head | None:
    """The head; that one cannot be read says nothing about the trail."""
    try:
        return read_head(path)
    except OSError as error:
        raise _unreadable(head_path(path), error) from error


def _unreadable(path: Path, error: OSError) -> AuditUnreadable:
    return AuditUnreadable(file=str(path), reason=reason_of(error))


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    with (
        os.fdopen(regular.opened(path), "rb") as file,
        locked_within(file.fileno(), PATIENCE, shared=os.name == "posix"),
    ):
        yield file


class _Check:
    """One walk through a file.

    Args:
        path: the file.
        head: its head.
        known: lines that are known from elsewhere.
        since: the line behind which it begins.
        before: counts the lines as far as that one.
    """

    def __init__(
        self,
        path: Path,
        head: Head | None,
        known: Sequence[Head],
        since: Head = START,
        before: Callable[[], int] = lambda: 0,
    ) -> None:
        self._path = path
        self._since = since
        self._before = before
        self._known = {each.seq: each.hash for each in known}
        self._head = head
        self._line = 0
        self._last = since
        self._times: list[str] = []
        self._open: dict[str, Unfinished] = {}
        self._operations = 0
        self._fragments: list[bytes] = []
        self._torn: list[int] = []

    def run(self, lines: Iterable[bytes]) -> AuditSummary:
        for self._line, line in enumerate(lines, 1):
            record = parse(line)
            if record is None:
                self._fragments.append(line)
                self._torn.append(self._line)
            else:
                self._take(record, line.removesuffix(b"\n"))
        self._end()
        return AuditSummary(
            lines=self._line,
            operations=self._operations,
            unfinished=tuple(self._open.values()),
            torn=tuple(self._torn),
            first=self._times[0] if self._times else None,
            last=self._times[-1] if self._times else None,
        )

    def _take(self, record: Record, line: bytes) -> None:
        if not _is_canonical(record, line):
            raise self._broken(_("it is not in canonical form"))
        self._check_fragments(record)
        self._check_place(record)
        self._last = Head(seq_of(record), digest(line))
        if self._head is not None and self._head.seq == self._last.seq != 0:
            self._check_head()
        if self._known.get(self._last.seq, self._last.hash) != self._last.hash:
            raise self._broken(_("it is not the one that was anchored"))
        self._times = [*self._times[:1], str(record.get("time"))]
        self._follow(record)

    def _check_fragments(self, record: Record) -> None:
        """What is no record is accounted for by the very next one."""
        rest, self._fragments = b"".join(self._fragments), []
        if not rest and record.get("event") != TORN:
            return
        told = (record.get("event"), record.get("bytes"), record.get("sha256"))
        # The writer closed an open line with a line feed that was no part of it.
        if not any(told == (TORN, len(part), digest(part)) for part in (rest, rest[:-1])):
            raise self._broken(_("it is not a record"), self._torn[-1] if rest else self._line)

    def _check_place(self, record: Record) -> None:
        seq, expected = seq_of(record), self._last.seq + 1
        if seq > expected:
            text = _("records {first} to {last} are missing before it")
            raise self._broken(text.format(first=expected, last=seq - 1))
        if seq < expected:
            text = _("record {seq} stands where {expected} belongs")
            raise self._broken(text.format(seq=seq, expected=expected))
        if record.get("previous") != self._last.hash:
            first = 1 if self._since == START else 0
            raise self._broken(_("it was changed"), max(first, self._line - 1))
        if record.get("event") == HEADLESS:
            told = _("the head file was gone or damaged, so records may be missing before it")
            raise self._broken(told)

    def _check_head(self) -> None:
        if self._head is not None and self._head.hash != self._last.hash:
            raise self._broken(_("it was changed"))

    def _follow(self, record: Record) -> None:
        """Join intents and outcomes."""
        event, operation = record.get("event"), str(record.get("id"))
        if event == INTENT:
            self._operations += 1
            token = record.get("token")
            serial = token.get("serial") if isinstance(token, dict) else ""
            self._open[operation] = Unfinished(
                self._line, str(record.get("time")), str(record.get("hook")), str(serial)
            )
        elif (
            event == OUTCOME
            and self._open.pop(operation, None) is None
            and self._since == START  # or it was begun before
        ):
            raise self._broken(_("it is an outcome without its intent"))

    def _end(self) -> None:
        """Nothing is cut off at the end; a line that is open there was just being written."""
        if self._fragments and self._fragments[-1].endswith(b"\n"):
            raise self._broken(_("it is not a record"))
        if self._last.seq < (last := max(self._known, default=0)):
            text = _("records {first} to {last}, which were anchored, are missing after it")
            raise self._broken(text.format(first=self._last.seq + 1, last=last))
        if self._head is None:
            if self._last.seq > 1:
                raise self._broken(_(_HEAD_GONE))
        elif self._head.seq > self._last.seq:
            text = _("records {first} to {last} are missing after it")
            raise self._broken(text.format(first=self._last.seq + 1, last=self._head.seq))

    def begin(self, found: Line | None) -> None:
        """See that the line behind which it begins is the one that is known."""
        told = _("it is not the one that was anchored")
        if found is None:
            told = _("record {seq}, which was anchored, is not in it").format(seq=self._since.seq)
        if found is None or digest(found.content) != self._since.hash:
            raise self._broken(told)
        if self._head is not None and self._head.seq < self._since.seq:
            raise self._broken(_(_HEAD_GONE))
        if self._head is not None and self._head.seq == self._since.seq:
            self._check_head()

    def _broken(self, reason: str, line: int | None = None) -> AuditBroken:
        found = self._before() + (self._line if line is None else line)
        return AuditBroken(file=str(self._path), line=found, reason=reason)


def _is_canonical(record: Record, line: bytes) -> bool:
    try:
        return canonical(record) == line
    except ValueError:  # a number that RFC 8785 has no form for
        return False
