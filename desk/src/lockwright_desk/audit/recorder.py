"""The desk's part of the audit trail: the same chain as the client's, with the desk's own hooks."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lockwright.audit.actor import actor
from lockwright.audit.group_commit import GroupCommit
from lockwright.audit.outcome import outcome_of
from lockwright.audit.records import INTENT, OUTCOME
from lockwright.audit.trail import AuditTrail

from lockwright_desk import __version__

_VERSION = 1


class Recorder:
    """Records what is about to be done, and how it ended.

    Args:
        file: the audit file.
    """

    def __init__(self, file: Path) -> None:
        self._trail = GroupCommit(AuditTrail(file))

    @property
    def waiting(self) -> int:
        """How many records wait for those that are being written."""
        return self._trail.waiting

    @contextmanager
    def operation(self, hook: str, **facts: object) -> Iterator[dict[str, object]]:
        """One operation; what comes out is put into the dictionary.

        Args:
            hook: its name, such as ``desk_enroll``.
            facts: what it is about; never a secret.

        Raises:
            AuditUnwritable: it cannot be recorded, so it is not begun; or it was done, and that
                is not recorded.
        """
        about = {
            "v": _VERSION,
            "desk": __version__,
            "hook": hook,
            "id": uuid.uuid4().hex,
            "who": actor(),
        }
        self._trail.append({**about, "event": INTENT, "facts": facts})
        result: dict[str, object] = {}
        try:
            yield result
        except BaseException as error:
            self._trail.append({**about, "event": OUTCOME, **outcome_of(error)})
            raise
        self._trail.append({**about, "event": OUTCOME, "outcome": "ok", "facts": result})
