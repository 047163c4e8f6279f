"""One attempt at a certificate, in a thread of its own: it ends with it, or with why not."""

from __future__ import annotations

from collections.abc import Callable

from lockwright.enrol.entry import Entry
from lockwright.enrol.storage import Storage
from lockwright.errors import LockwrightError, NoEnrolment
from lockwright.models import StorageKind, StoredCertificate
from lockwright.operations.enrolment.context import Patience
from lockwright.records import dataclass
from lockwright.runner import Runner

PATIENCE = 900.0
"""Seconds that the window waits for the bank's decision, as long as for a Response."""

Opens = Callable[[Runner], Storage]
Acts = Callable[[Runner, Storage, Patience], StoredCertificate]


@dataclass(frozen=True, slots=True)
class Came:
    """What came of an attempt."""

    kind: StorageKind
    """What kind of place it was for."""
    place: str = ""
    """Its name in the journal; empty where it could not be opened."""
    stored: StoredCertificate | None = None
    """The certificate; None without one."""
    error: LockwrightError | None = None
    """Why there is none."""
    entry: Entry | None = None
    """What the journal has of it now; None for nothing."""


def attempt(
    kind: StorageKind,
    opens: Opens,
    acts: Acts,
    patience: Patience,
    *,
    last_try: bool = False,
) -> Callable[[Runner], Came]:
    """What a task does.

    Args:
        kind: what kind of place it is for.
        opens: opens the place.
        acts: orders the certificate, or goes on.
        patience: how it is waited for.
        last_try: whether the person agreed to spend the last try of the PIN.
    """

    def call(runner: Runner) -> Came:
        storage: Storage | None = None
        try:
            with runner.together(), runner.last_try(agreed=last_try):
                storage = opens(runner)
                stored = acts(runner, storage, patience)
            return Came(kind, storage.place, stored=stored)
        except LockwrightError as error:
            if storage is None:
                return Came(kind, error=error)
            return Came(kind, storage.place, error=error, entry=_left(runner, storage))

    return call


def _left(runner: Runner, storage: Storage) -> Entry | None:
    try:
        return runner.enrolments.entry(storage.place, storage.token)
    except NoEnrolment:
        return None
    except LockwrightError:  # the journal itself: whoever asks for it next is told
        return None
