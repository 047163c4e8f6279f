"""An entry of the journal: how far an enrolment has come, and how its file says it."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from lockwright.errors import JournalBroken, reason_of
from lockwright.i18n import N_
from lockwright.models import Pending, StorageKind, TokenIdentity, TokenKey
from lockwright.records import dataclass

_VERSION = 4
_READABLE = (1, 2, 3, 4)
"""Version 1 knew a token by its serial number alone, version 2 an old container by its id, and
version 3 a subject by its text, and not whether the order went out."""
_WITHOUT_SENT = 3
_LONGEST = 8 * 1024 * 1024
"""An answer of a CA is a megabyte at most, and there may be two in an entry."""
_BYTES = frozenset({"key_id", "request", "certificate", "renews", "old_id", "subject_der"})


@dataclass(frozen=True, slots=True)
class Old:
    """The container that is renewed or replaced."""

    ref: str | None
    """Its name within the token (``Container.ref``); None in an entry of version 1 or 2."""
    id: bytes
    """``CKA_ID`` of its key; empty without one. Others may have it as well."""


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
    CHECKING = "checking"
    """The certificate that the CA issued is judged; until it is accepted, it is kept."""
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
    token: TokenKey | None = None
    """The token; None for another place, and in an entry of version 1."""
    moves: bool = False
    """Whether the token is known again in another slot."""
    subject_der: bytes = b""
    """``subject`` as the request has it, DER; empty in an entry of version 1 to 3."""
    renews: bytes | None = None
    """The certificate that is renewed, DER; None for a first one."""
    old_id: bytes | None = None
    """``CKA_ID`` of the container that is renewed or replaced; None if there is none."""
    old_ref: str | None = None
    """Its ``Container.ref``; None if there is none, and in an entry of version 1 or 2."""
    replaces: bool = False
    """Whether the old container is removed in the end."""
    step: Step = Step.MAKING
    """What is about to be done."""
    request: bytes = b""
    """PKCS#10 request, DER; empty before it is signed."""
    sent: bool = False
    """Whether the request may have gone out, so that the CA may have issued."""
    pending: Pending | None = None
    """The CA's last answer, if it has not decided."""
    certificate: bytes = b""
    """The certificate, DER; empty before it is issued."""
    chain: tuple[bytes, ...] = ()
    """Certificates of CAs that came with it, DER; once it is accepted, those that lead to trust."""
    known: tuple[bytes, ...] = ()
    """Certificates of CAs that the CA gave before the order, DER; none of them is trusted."""
    writes: int = 0
    """How often its writing was begun."""
    begun: datetime | None = None
    """When the enrolment began, UTC; None before it is recorded."""
    changed: datetime | None = None
    """When this was recorded, UTC; None before it is."""

    def is_for(self, identity: TokenIdentity) -> bool:
        """Whether it is for a token; for one of its serial number, where no more is recorded."""
        if self.token is None:
            return self.storage is StorageKind.TOKEN and self.place == identity.serial
        return identity.key == self.token or (self.moves and identity.is_it(self.token))

    @property
    def old(self) -> Old | None:
        """The container that is renewed or replaced; None if there is none."""
        return None if self.old_id is None else Old(self.old_ref, self.old_id)

    @property
    def asks_ca(self) -> bool:
        """Whether the CA has still to be asked."""
        return self.step in {Step.MAKING, Step.SIGNING, Step.SENDING, Step.WAITING}


def written(entry: Entry) -> bytes:
    """An entry as its file has it."""
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
            case TokenKey():
                value = {**asdict(value), "module": str(value.module)}
            case Pending():
                when = value.not_before.isoformat()
                value = {
                    "not_before": when,
                    "text": value.text,
                    "handle": value.handle,
                    "issued": value.issued,
                }
        found[field.name] = value
    return json.dumps(found, indent=1).encode()


def read(file: Path) -> Entry:
    """The entry in a file.

    Raises:
        JournalBroken: it cannot be read.
    """
    try:
        with file.open("rb") as opened:
            content = json.loads(opened.read(_LONGEST))
        version = content.pop("version")
        if version not in _READABLE:
            raise broken(file, N_("it is of another version of lockwright"))
        if version <= _WITHOUT_SENT:
            # It was recorded before it was sent, so it may have been.
            content["sent"] = content["step"] not in {Step.MAKING, Step.SIGNING}
        return _entry(content)
    except OSError as error:
        reason = reason_of(error)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        reason = N_("it is damaged")
    raise broken(file, reason)


def _entry(content: dict[str, Any]) -> Entry:
    content.setdefault("subject_der", "")
    for name in _BYTES:
        if content[name] is not None:
            content[name] = base64.b64decode(content[name], validate=True)
    for name in ("chain", "known"):
        told = content.get(name, ())
        content[name] = tuple(base64.b64decode(each, validate=True) for each in told)
    for name in ("begun", "changed"):
        content[name] = datetime.fromisoformat(content[name])
    if (key := content.get("token")) is not None:
        content["token"] = TokenKey(**{**key, "module": Path(key["module"])})
    if (told := content["pending"]) is not None:
        when = datetime.fromisoformat(told["not_before"])
        content["pending"] = Pending(when, told["text"], told["handle"], bool(told.get("issued")))
    return Entry(
        **{**content, "step": Step(content["step"]), "storage": StorageKind(content["storage"])}
    )


def broken(file: Path, reason: str) -> JournalBroken:
    """The error that a file of the journal cannot be used."""
    return JournalBroken(file=str(file), reason=reason)
