"""Entries of the journal's first version: they know their token by its serial number alone."""

from __future__ import annotations

from lockwright.enrol.journal import Entry, Step
from lockwright.enrol.storage import Storage
from lockwright.errors import EnrolmentUnclear
from lockwright.models import StorageKind

_KEYLESS = frozenset({Step.MAKING, Step.UNDOING})
"""Steps at which the key may not be there yet, or no more."""


def refuse_strangers(entry: Entry, storage: Storage, *, chosen: bool, undo: bool = False) -> None:
    """Refuse an entry that may be another token's, since its key is not on this one.

    Args:
        entry: the entry.
        storage: the token, open.
        chosen: a person named this very token, and not its serial number alone.
        undo: what the enrolment made is to be removed.

    Raises:
        EnrolmentUnclear: it may.
    """
    if entry.storage is not StorageKind.TOKEN or entry.token is not None:
        return
    if chosen and (undo or entry.step in _KEYLESS):
        return
    if storage.key(entry.key_id) is None:
        raise EnrolmentUnclear(place=entry.place)
