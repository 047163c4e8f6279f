"""Records of many threads that the disk takes together; nobody goes on before theirs is there."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.audit.records import Record
from lockwright.audit.trail import AuditTrail
from lockwright.files.together import Together


class GroupCommit:
    """Writes to an audit trail for many threads.

    Args:
        trail: where the records go.
    """

    def __init__(self, trail: AuditTrail) -> None:
        self._trail = trail
        self._together: Together[Record, None] = Together(self._write)

    @property
    def waiting(self) -> int:
        """How many records wait to be written next."""
        return self._together.waiting

    def append(self, record: Record) -> None:
        """Write a record, and wait until the disk has it.

        Raises:
            AuditBusy, AuditUnwritable: it could not be written.
        """
        self._together.done(record)

    def _write(self, records: Sequence[Record]) -> Sequence[None]:
        self._trail.append_all(records)
        return [None] * len(records)
