"""Records of many threads that the disk takes together; nobody goes on before theirs is there."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from lockwright.audit.records import Record
from lockwright.audit.trail import AuditTrail
from lockwright.errors import LockwrightError


@dataclass(slots=True)
class _Batch:
    """What is written together."""

    records: list[Record] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None


class GroupCommit:
    """Writes to an audit trail for many threads.

    Whoever begins a batch writes it, once the batch before it is on disk; those that come until
    then are in it, and wait. So one thread alone waits no longer than without it.

    Args:
        trail: where the records go.
    """

    def __init__(self, trail: AuditTrail) -> None:
        self._trail = trail
        self._joining = threading.Lock()
        self._writing = threading.Lock()
        self._next = _Batch()

    @property
    def waiting(self) -> int:
        """How many records wait to be written next."""
        return len(self._next.records)

    def append(self, record: Record) -> None:
        """Write a record, and wait until the disk has it.

        Raises:
            AuditUnwritable: it could not be written.
        """
        with self._joining:
            batch = self._next
            batch.records.append(record)
            begins = len(batch.records) == 1
        if begins:
            self._write(batch)
        else:
            batch.done.wait()
        if isinstance(batch.error, LockwrightError):
            # An error of its own for each thread, which adds to it where it went through.
            facts: dict[str, Any] = {**batch.error.facts}
            raise type(batch.error)(**facts) from batch.error
        if batch.error is not None:
            raise batch.error

    def _write(self, batch: _Batch) -> None:
        with self._writing:
            with self._joining:
                self._next = _Batch()
            try:
                self._trail.append_all(batch.records)
            except BaseException as error:  # noqa: BLE001  # each of its threads raises it
                batch.error = error
            finally:
                batch.done.set()
