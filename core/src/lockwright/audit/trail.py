"""Append to the audit file: one process at a time, chained to what is there, on disk on return."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from lockwright.audit.records import (
    HEADLESS,
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
from lockwright.contract.audit_facts import digest
from lockwright.errors import AuditBusy, AuditUnwritable, reason_of
from lockwright.files import durable
from lockwright.files.lock import StillHeld, locked_within
from lockwright.i18n import _
from lockwright.records import dataclass

PATIENCE = 10.0
"""Seconds to wait for whoever else holds the audit file's lock, as anybody can who may read it."""
_TAIL = 64 * 1024


@dataclass(frozen=True, slots=True)
class _End:
    """How the file ends."""

    size: int
    """Bytes in the file."""
    last: Head
    """Its last whole record."""
    rest: bytes
    """What comes after it: the part of a line that a crash left, mostly nothing."""
    closing: bytes
    """The line feed that a crash left out, mostly nothing."""


class AuditTrail:
    """An audit file that can be appended to.

    Args:
        path: the file; it and its folder are made when first needed, for their owner only, or for
            the group that shares the folder. Its head has the file's owner, group and mode.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, event: Record) -> None:
        """Write one record behind the last, and wait until the disk has it.

        Args:
            event: what to record; ``seq``, ``time`` and ``previous`` are added to it.

        Raises:
            AuditBusy: another program held the file's lock all the time.
            AuditUnwritable: it could not be written; the file is as it was.
        """
        self.append_all([event])

    def append_all(self, events: Sequence[Record]) -> None:
        """Write records one behind the other, and wait once until the disk has them all.

        Args:
            events: what to record, as for ``append``.

        Raises:
            AuditBusy: another program held the file's lock all the time.
            AuditUnwritable: they could not be written; the file is as it was.
        """
        try:
            with self._opened() as fd:
                self._append(fd, events)
        except StillHeld:
            raise AuditBusy(file=str(self.path), seconds=round(PATIENCE)) from None
        except OSError as error:
            raise AuditUnwritable(file=str(self.path), reason=reason_of(error)) from error

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The file, open and locked; again from the start if it was moved away meanwhile."""
        while True:
            fd = self._open()
            try:
                with locked_within(fd, PATIENCE):
                    if self._is_still(fd):
                        yield fd
                        return
            finally:
                os.close(fd)

    def _open(self) -> int:
        fd = durable.open_owned(self.path, os.O_APPEND | getattr(os, "O_NONBLOCK", 0))
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            raise AuditUnwritable(file=str(self.path), reason=_("it is not a regular file"))
        return fd

    def _is_still(self, fd: int) -> bool:
        try:
            return os.path.samestat(os.fstat(fd), self.path.stat())
        except FileNotFoundError:
            return False

    def _append(self, fd: int, events: Sequence[Record]) -> None:
        end, head = _end(fd), self._head()
        base = _base(end.last, head)
        lines: list[bytes] = []
        for extra in (*_repairs(end, head), *events):
            now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            line = canonical({**extra, "seq": base.seq + 1, "time": now, "previous": base.hash})
            base = Head(base.seq + 1, digest(line))
            lines.append(line + b"\n")
        with durable.appended(fd, end.closing + b"".join(lines)):
            named = canonical({"seq": base.seq, "hash": base.hash}) + b"\n"
            durable.replace(head_path(self.path), named, like=self.path)

    def _head(self) -> Head | None:
        try:
            return read_head(self.path)
        except OSError as error:
            told = _("its head {file} cannot be read: {reason}")
            reason = told.format(file=head_path(self.path), reason=reason_of(error))
        raise AuditUnwritable(file=str(self.path), reason=reason)


def _base(last: Head, head: Head | None) -> Head:
    """What the next line builds on: the last line, unless the head knows of a later one.

    Then lines were cut off or changed; standing on the head keeps that visible for ever. A head
    one behind is what a crash between the two writes leaves.
    """
    if head is None or (last.seq > head.seq):
        return last
    return head


def _repairs(end: _End, head: Head | None) -> Iterator[Record]:
    """Records of what was found wrong before the new one is written."""
    if end.rest:
        yield {"event": TORN, "bytes": len(end.rest), "sha256": digest(end.rest)}
    if head is None and end.last.seq > 1:
        yield {"event": HEADLESS}


def _end(fd: int) -> _End:
    size = os.fstat(fd).st_size
    end = _end_of(_read(fd, max(0, size - _TAIL)), size)
    if end.last is START and size > _TAIL:
        end = _end_of(_read(fd, 0), size)
    return end


def _end_of(data: bytes, size: int) -> _End:
    """The last whole record in the data, and what comes after it."""
    closing = b"\n" if data and not data.endswith(b"\n") else b""
    after = len(data) if closing else len(data) - 1
    while after > 0:
        start = data.rfind(b"\n", 0, after) + 1
        line = data[start:after]
        if record := parse(line):
            rest = data[after + 1 :]
            return _End(size, Head(seq_of(record), digest(line)), rest, closing)
        after = start - 1
    return _End(size, START, data, closing)


def _read(fd: int, start: int) -> bytes:
    os.lseek(fd, start, os.SEEK_SET)
    parts = []
    while part := os.read(fd, 1024 * 1024):
        parts.append(part)
    return b"".join(parts)
