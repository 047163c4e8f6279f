"""The journal of enrolments: each step is on disk before it is taken, so that none is lost.

One file for each unfinished enrolment, named after its place; a finished one leaves no file. It
is readable by its owner only and holds nothing secret: no PIN, no one-time password, no private
key. A file is replaced as a whole, so that a crash leaves the old entry or the new one.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lockwright.errors import EnrolmentBusy, JournalBroken, NoEnrolment, reason_of
from lockwright.files import durable
from lockwright.files.lock import locked
from lockwright.i18n import N_
from lockwright.models import Pending, StorageKind

_VERSION = 1
_LONGEST = 1024 * 1024
_BYTES = frozenset({"key_id", "request", "certificate", "renews", "old_id"})
_LONGEST_NAME = 200
"""Bytes of a place's name that still make the name of a file; a longer one is hashed."""


class Step(StrEnum):
    """What is about to be done; where a crash finds it, it may be done, half done or not begun."""

    MAKING = "making"
    """The key pair is made."""
    SIGNING = "signing"
    """The request is signed by the new key."""
    SENDING = "sending"
    """The request is sent to the CA."""
    WAITING = "waiting"
    """The CA is asked again, once its time has come."""
    WRITING = "writing"
    """The certificate is written beside its key."""
    PROVING = "proving"
    """The new key signs, and the certificate must fit."""
    CLEARING = "clearing"
    """What is not needed any more is removed: the old container, a key that was kept elsewhere."""
    UNDOING = "undoing"
    """All that the enrolment made is removed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An enrolment, as far as it has come."""

    place: str
    """Serial number of the token, path of the file, or name of the system's store."""
    ca: str
    """Name of the CA (``[ca.NAME]``)."""
    login: str | None
    """Login; None if the CA asks for none."""
    subject: str
    """Subject that is asked for (RFC 4514)."""
    key_type: str
    """Type of the new key."""
    key_id: bytes
    """``CKA_ID`` of the new key and its certificate."""
    label: str
    """``CKA_LABEL`` of the new key and its certificate."""
    storage: StorageKind = StorageKind.TOKEN
    """What kind of place it is for."""
    renews: bytes | None = None
    """The certificate that is renewed, DER; None for a first one."""
    old_id: bytes | None = None
    """``CKA_ID`` of the container that is renewed or replaced; None if there is none."""
    replaces: bool = False
    """Whether the old container is removed in the end."""
    step: Step = Step.MAKING
    """What is about to be done."""
    request: bytes = b""
    """PKCS#10 request, DER; empty before it is signed."""
    pending: Pending | None = None
    """The CA's last answer, if it has not decided."""
    certificate: bytes = b""
    """The certificate, DER; empty before it is issued."""
    chain: tuple[bytes, ...] = ()
    """Certificates of CAs that came with it, DER."""
    writes: int = 0
    """How often its writing was begun."""
    begun: datetime | None = None
    """When the enrolment began, UTC; None before it is recorded."""
    changed: datetime | None = None
    """When this was recorded, UTC; None before it is."""

    @property
    def asks_ca(self) -> bool:
        """Whether the CA has still to be asked."""
        return self.step in {Step.MAKING, Step.SIGNING, Step.SENDING, Step.WAITING}


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
        return [_read(file) for file in sorted(self._folder.glob("*.json"))]

    def find(self, place: str) -> Entry | None:
        """The unfinished enrolment for a place; None if there is none.

        Raises:
            JournalBroken: it cannot be read.
        """
        file = self._file(place)
        return _read(file) if file.exists() else None

    def get(self, place: str) -> Entry:
        """The unfinished enrolment for a place.

        Raises:
            NoEnrolment: there is none.
            JournalBroken: it cannot be read.
        """
        if (found := self.find(place)) is None:
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
        file = self._file(entry.place)
        try:
            durable.make_folder(self._folder)
            durable.replace(file, json.dumps(_document(made), indent=1).encode())
        except OSError as error:
            raise _broken(file, reason_of(error)) from error
        return made

    def close(self, entry: Entry) -> None:
        """Forget an enrolment that is finished or undone.

        Raises:
            JournalBroken: its file cannot be removed.
        """
        file = self._file(entry.place)
        try:
            durable.remove(file)
        except OSError as error:
            raise _broken(file, reason_of(error)) from error

    @contextmanager
    def held(self, place: str) -> Iterator[None]:
        """Keep every other process from the enrolment for a place; the system frees it at a crash.

        Raises:
            EnrolmentBusy: another process has it.
            JournalBroken: the folder takes no file.
        """
        file = self._file(place).with_suffix(".lock")
        try:
            fd = durable.open_owned(file)
        except OSError as error:
            raise _broken(file, reason_of(error)) from error
        try:
            with _alone(fd, place):
                yield
        finally:
            os.close(fd)

    def _file(self, place: str) -> Path:
        name = quote(place, safe="")
        if len(name) > _LONGEST_NAME:
            name = sha256(name.encode()).hexdigest()
        return self._folder / f"{name}.json"


@contextmanager
def _alone(fd: int, place: str) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(fd, wait=False))
        except OSError:
            raise EnrolmentBusy(place=place) from None
        yield


def _document(entry: Entry) -> dict[str, object]:
    found: dict[str, object] = {"version": _VERSION}
    for field in fields(entry):
        value = getattr(entry, field.name)
        match value:
            case bytes():
                value = base64.b64encode(value).decode()
            case datetime():
                value = value.isoformat()
            case tuple():
                value = [base64.b64encode(each).decode() for each in value]
            case Pending():
                when = value.not_before.isoformat()
                value = {"not_before": when, "text": value.text, "handle": value.handle}
        found[field.name] = value
    return found


def _read(file: Path) -> Entry:
    try:
        with file.open("rb") as opened:
            content = json.loads(opened.read(_LONGEST))
        if content.pop("version") != _VERSION:
            raise _broken(file, N_("it is of another version of lockwright"))
        return _entry(content)
    except OSError as error:
        reason = reason_of(error)
    except (ValueError, TypeError, KeyError, AttributeError):
        reason = N_("it is damaged")
    raise _broken(file, reason)


def _entry(content: dict[str, Any]) -> Entry:
    for name in _BYTES:
        if content[name] is not None:
            content[name] = base64.b64decode(content[name], validate=True)
    content["chain"] = tuple(base64.b64decode(each, validate=True) for each in content["chain"])
    for name in ("begun", "changed"):
        content[name] = datetime.fromisoformat(content[name])
    if (told := content["pending"]) is not None:
        when = datetime.fromisoformat(told["not_before"])
        content["pending"] = Pending(when, told["text"], told["handle"])
    return Entry(
        **{**content, "step": Step(content["step"]), "storage": StorageKind(content["storage"])}
    )


def _broken(file: Path, reason: str) -> JournalBroken:
    return JournalBroken(file=str(file), reason=reason)
