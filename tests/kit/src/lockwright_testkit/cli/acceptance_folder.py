"""The folder of an acceptance: whether one may begin or go on there, and what it costs if not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from lockwright.errors import AuditUnwritable, reason_of

from lockwright_testkit.cli.errors import (
    AcceptanceBegun,
    AcceptanceBusy,
    AcceptanceUnnoted,
    FolderTaken,
    FolderUnusable,
    NothingToResume,
)


def check_place(where: Path, record: Any, *, resume: bool) -> None:
    """What a crash left before the first line was written is begun anew."""
    there = record.there
    if resume and not there:
        raise NothingToResume(folder=str(where))
    if not resume and there:
        raise AcceptanceBegun(folder=str(where))
    if not resume and not _empty(where, record):
        raise FolderTaken(folder=str(where))


def _empty(where: Path, record: Any) -> bool:
    """Whether nothing is there but what a beginning leaves."""
    try:
        if not all(each.name.startswith(record.path.name) for each in where.iterdir()):
            return False
        return not record.path.exists() or not record.lines()
    except FileNotFoundError:
        return True
    except OSError as error:
        raise FolderUnusable(folder=str(where), reason=error.strerror) from None


@contextmanager
def alone(where: Path, record: Any) -> Iterator[None]:
    """Refuse where another program is at it: each would count the wrong PINs of the other."""
    from lockwright.files.lock import StillHeld  # noqa: PLC0415

    with ExitStack() as held:
        try:
            held.enter_context(record.alone())
        except StillHeld:
            raise AcceptanceBusy(folder=str(where)) from None
        except OSError as error:
            raise FolderUnusable(folder=str(where), reason=reason_of(error)) from None
        yield


@contextmanager
def noted(where: Path) -> Iterator[None]:
    """Say what it costs that a step could not be noted."""
    try:
        yield
    except AuditUnwritable as error:
        reason = str(error.facts["reason"])
        raise AcceptanceUnnoted(folder=str(where), reason=reason) from None
    except OSError as error:
        raise AcceptanceUnnoted(folder=str(where), reason=reason_of(error)) from None


def make(where: Path) -> None:
    """Make the folder, for its owner only."""
    try:
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderUnusable(folder=str(where), reason=error.strerror) from None
