"""The trail's head signed by a key in a token, which is there for nothing else."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from lockwright.audit import verify, verify_since
from lockwright.audit.anchors import read, signed_bytes, statement, trail_of, with_signature
from lockwright.audit.records import Head, read_head
from lockwright.enrol.token_key import SigningKey, digest_for
from lockwright.errors import AnchorUnusable, AuditUnreadable
from lockwright.i18n import N_, _
from lockwright.pkcs11.errors import CkrError

from lockwright_desk import own_files
from lockwright_desk.configuration.settings import AnchorSettings, TokenSettings
from lockwright_desk.enrolment.authority.token import TokenKey, has_key, make_key
from lockwright_desk.errors import AnchorKeyUnusable, CaKeyUnusable

_KEY_TYPE = "ec:p256"


@dataclass(frozen=True, slots=True)
class Anchored:
    """A head that was signed."""

    file: Path
    """Where it is kept."""
    said: Mapping[str, object]
    """What was signed."""
    since: int
    """Number of the line behind which the trail was checked now; 0 where all of it was."""


@dataclass(frozen=True, slots=True)
class By:
    """From where a trail is checked before it is anchored."""

    earlier: Path | None = None
    """An earlier anchor; None for the newest beside the new one, if there is one."""
    newest: bool = True
    """Whether that is looked for; otherwise all of the trail is checked."""


def prepare(settings: AnchorSettings) -> bool:
    """Make the key if there is none, and put its public half where auditors find it.

    Returns:
        Whether it was made now.

    Raises:
        AnchorKeyUnusable: there is no token; or the public half of a key is there, and not the key.
        PinError, ModuleError: the token cannot be used.
    """
    with _of_anchors():
        return _prepared(settings, _token(settings))


def _prepared(settings: AnchorSettings, token: TokenSettings) -> bool:
    there = has_key(token)
    if not there and settings.public_key.exists():
        reason = _("the token has no key {label}, though there is {file}")
        raise AnchorKeyUnusable(
            reason=reason.format(label=token.key_label, file=settings.public_key)
        )
    if not there:
        make_key(token, _KEY_TYPE)
    if not settings.public_key.exists():
        with closing(TokenKey(token)) as opened:
            own_files.create(settings.public_key, _pem(opened.key))
    return not there


def anchor(settings: AnchorSettings, audit: Path, out: Path, now: datetime, by: By) -> Anchored:
    """Check the trail, sign its head, and write that to a new file.

    Args:
        settings: the key.
        audit: the trail.
        out: the file; or the folder of one whose name says which head it is.
        now: the time.
        by: from where it is checked.

    Raises:
        AuditBroken, AuditUnreadable, AuditBusy: the trail is not whole.
        AnchorUnusable: the earlier anchor is not of this trail, or of this key.
        AnchorKeyUnusable: the token does not sign.
        DeskFileNotWritten: the file cannot be written, or is there already.
    """
    trail = trail_of(audit)
    earlier = by.earlier or (_newest(out, trail) if by.newest else None)
    with _of_anchors(), closing(TokenKey(_token(settings))) as opened:
        since = None if earlier is None else _of_trail(earlier, opened.key, trail)
        if since is None:
            verify(audit)
        else:
            verify_since(audit, since)
        head = read_head(audit)
        if head is None or not trail:
            raise AuditUnreadable(file=str(audit), reason=_("nothing is recorded in it"))
        said = statement(trail, head, f"{now:%Y-%m-%dT%H:%M:%SZ}", platform.node())
        file = out / f"{_beginning(trail)}{head.seq:010}.json" if out.is_dir() else out
        signature = _signature(opened.key, signed_bytes(said))
    own_files.create(file, with_signature(said, signature))
    return Anchored(file, said, 0 if since is None else since.seq)


def _newest(folder: Path, trail: str) -> Path | None:
    """The newest anchor of a trail in a folder; None if there is none, or it is no folder."""
    return max(folder.glob(f"{_beginning(trail)}*.json"), default=None) if trail else None


def _beginning(trail: str) -> str:
    """How the names of a trail's anchors begin."""
    return f"{trail[:8]}-"


def _of_trail(file: Path, key: SigningKey, trail: str) -> Head:
    """The line that an earlier anchor of this trail names.

    Raises:
        AnchorUnusable: it is none, or another key signed it.
    """
    found = read(file, key.public_key())
    if found.trail != trail:
        reason = _("no trail that was given begins with the record that its trail began with")
        raise AnchorUnusable(file=str(file), reason=reason)
    return found.head


@contextmanager
def _of_anchors() -> Iterator[None]:
    """What is said of a key in a token is said of this one."""
    try:
        yield
    except CaKeyUnusable as error:
        raise AnchorKeyUnusable(reason=error.facts["reason"]) from error
    except CkrError as error:
        raise AnchorKeyUnusable(reason=N_("the token does not sign")) from error


def _token(settings: AnchorSettings) -> TokenSettings:
    if settings.token is None:
        raise AnchorKeyUnusable(
            reason=_("the configuration names no token in [ca.token] or [audit.anchor]")
        )
    return settings.token


def _signature(key: SigningKey, data: bytes) -> bytes:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(digest_for(key)))
    return key.sign(data, PKCS1v15(), digest_for(key))


def _pem(key: SigningKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
