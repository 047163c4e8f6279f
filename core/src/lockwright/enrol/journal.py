"""The journal of enrolments: each step is on disk before it is taken, so that none is lost.

One file for each unfinished enrolment, named after its place; a finished one leaves no file. It
is readable by its owner only and holds nothing secret: no PIN, no one-time password, no private
key. A file is replaced as a whole, so that a crash leaves the old entry or the new one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from lockwright.enrol.entry import Entry, Step, broken, read, written
from lockwright.errors import EnrolmentBusy, NoEnrolment, reason_of
from lockwright.files import durable
from lockwright.files.lock import locked
from lockwright.models import TokenIdentity, TokenKey

__all__ = ["Entry", "Journal", "Step"]

_LONGEST_NAME = 200
"""Bytes of a place's name that still make the name of a file; a longer one is hashed."""
_MARK = 16
"""Hexadecimal digits by which tokens of one serial number are told apart."""


class Journal:
    """The unfinished enrolments of a user.

    Args:
        folder: where the files are; it is made when first needed, for its owner only.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def entries(self) -> list[Entry]:
        """Every unfinished enrolment.

        Raises:
            JournalBroken: one cannot be read.
        """
        return [read(file) for file in sorted(self._folder.glob("*.json"))]

    def find(self, place: str, token: TokenIdentity | None = None) -> Entry | None:
        """The unfinished enrolment for a place; None if there is none.

        Args:
            place: name of the place.
            token: the token that it is; without it, of two tokens of one name neither is found.

        Raises:
            JournalBroken: it cannot be read.
        """
        found = [entry for entry in map(read, self._files(place)) if entry.place == place]
        if token is not None:
            own = [entry for entry in found if entry.is_for(token)]
            surest = [entry for entry in own if entry.token == token.key]
            found = surest or [entry for entry in own if entry.token is not None] or own
        return found[0] if len(found) == 1 else None

    def get(self, place: str, token: TokenIdentity | None = None) -> Entry:
        """The unfinished enrolment for a place; the arguments are those of ``find``.

        Raises:
            NoEnrolment: there is none.
            JournalBroken: it cannot be read.
        """
        if (found := self.find(place, token)) is None:
            raise NoEnrolment(place=place)
        return found

    def record(self, entry: Entry) -> Entry:
        """Write an entry in place of the one before it, and wait until the disk has it.

        Returns:
            The entry with its times.

        Raises:
            JournalBroken: it could not be written; the one before it stands.
        """
        now = datetime.now(UTC)
        made = replace(entry, begun=entry.begun or now, changed=now)
        file = self._file(entry.place, entry.token)
        try:
            durable.make_folder(self._folder)
            durable.replace(file, written(made))
        except OSError as error:
            raise broken(file, reason_of(error)) from error
        return made

    def close(self, entry: Entry) -> None:
        """Forget an enrolment that is finished or undone.

        Raises:
            JournalBroken: its file cannot be removed.
        """
        file = self._file(entry.place, entry.token)
        try:
            durable.remove(file)
        except OSError as error:
            raise broken(file, reason_of(error)) from error

    @contextmanager
    def held(self, place: str, token: TokenIdentity | None = None) -> Iterator[None]:
        """Keep every other process from the enrolment for a place; the system frees it at a crash.

        The arguments are those of ``find``.

        Raises:
            EnrolmentBusy: another process has it.
            JournalBroken: the folder takes no file.
        """
        found = self.find(place, token)
        own = token.key if token else None
        key = found.token if found else own
        file = self._file(place, key).with_suffix(".lock")
        try:
            fd = durable.open_owned(file)
        except OSError as error:
            raise broken(file, reason_of(error)) from error
        try:
            with _alone(fd, place):
                yield
        finally:
            os.close(fd)

    def _file(self, place: str, token: TokenKey | None) -> Path:
        mark = "" if token is None else f"-{_mark(token)}"
        return self._folder / f"{_spelt(place)}{mark}.json"

    def _files(self, place: str) -> list[Path]:
        """The files of every token of a name, or of a place that is none."""
        name = _spelt(place)
        marked = re.compile(f"{re.escape(name)}(-[0-9a-f]{{{_MARK}}})?")
        found = sorted(self._folder.glob(f"{name}*.json"))
        return [file for file in found if marked.fullmatch(file.stem)]


def _spelt(place: str) -> str:
    name = quote(place, safe="")
    return sha256(name.encode()).hexdigest() if len(name) > _LONGEST_NAME else name


def _mark(token: TokenKey) -> str:
    """What tells tokens of one serial number apart in the name of a file."""
    told = (token.module, token.slot, token.manufacturer, token.model, token.serial, token.label)
    return sha256("\0".join(map(str, told)).encode(errors="backslashreplace")).hexdigest()[:_MARK]


@contextmanager
def _alone(fd: int, place: str) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(fd, wait=False))
        except OSError:
            raise EnrolmentBusy(place=place) from None
        yield
