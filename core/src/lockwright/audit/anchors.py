"""Anchors: number and hash of a trail's last line, signed by a key that nobody can copy.

The chain has no key, so whoever may write a trail and its head can cut its end off, or write a new
history. An anchor that was taken elsewhere before, and is signed inside an HSM, shows that. It is a
JSON object; signed is its canonical form (RFC 8785) without ``signature``, behind ``PURPOSE``.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lockwright.audit.records import Head, Record, canonical, parse, seq_of
from lockwright.contract.audit_facts import digest
from lockwright.errors import AnchorUnusable, AuditUnreadable, reason_of
from lockwright.files import regular
from lockwright.i18n import _
from lockwright.records import dataclass

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

PURPOSE = b"lockwright audit anchor 1\n"
"""Stands before what is signed, so that a signature for anything else is none for this."""
_LONGEST = 64 * 1024
_WIDEST_FOR_SHA256 = 256


@dataclass(frozen=True, slots=True)
class Anchor:
    """What an anchor says."""

    trail: str
    """SHA-256 of the trail's first record, hex."""
    head: Head
    """Its last line at that time."""


def statement(trail: str, head: Head, time: str, host: str) -> Record:
    """What is signed.

    Args:
        trail: SHA-256 of the trail's first record, hex.
        head: its last line.
        time: UTC, RFC 3339.
        host: the computer.
    """
    about = {"trail": trail, "seq": head.seq, "hash": head.hash, "time": time, "host": host}
    return {"kind": "lockwright-audit-anchor", "v": 1, **about}


def signed_bytes(said: Record) -> bytes:
    """What the signature of a statement is over."""
    return PURPOSE + canonical(said)


def with_signature(said: Record, signature: bytes) -> bytes:
    """An anchor as it is kept."""
    whole = {**said, "signature": base64.b64encode(signature).decode()}
    return canonical(whole) + b"\n"


def trail_of(path: Path) -> str:
    """SHA-256 of a trail's first record, hex; empty if it has none.

    Raises:
        AuditUnreadable: it cannot be read.
    """
    try:
        with os.fdopen(regular.opened(path), "rb") as file:
            return next((digest(line.rstrip(b"\n")) for line in file if parse(line)), "")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise AuditUnreadable(file=str(path), reason=reason_of(error)) from error


def anchored_heads(
    files: Sequence[Path], key: Path, trails: Sequence[Path]
) -> Mapping[Path, Sequence[Head]]:
    """Lines that trails have to hold, by anchors of them.

    Args:
        files: the anchors.
        key: PEM, the public key or a certificate of it.
        trails: the trails.

    Raises:
        AnchorUnusable: an anchor is none, its signature is not of that key, or it is of a trail
            that is not among these: as one whose first line was replaced is not.
        AuditUnreadable: a trail cannot be read.
    """
    public, known = read_key(key), {path: trail_of(path) for path in trails}
    heads: dict[Path, list[Head]] = {path: [] for path in trails}
    for file in files:
        anchor = read(file, public)
        found = [path for path, trail in known.items() if trail == anchor.trail]
        if not found:
            reason = _("no trail that was given begins with the record that its trail began with")
            raise AnchorUnusable(file=str(file), reason=reason)
        for path in found:
            heads[path].append(anchor.head)
    return heads


def read(file: Path, key: PublicKey) -> Anchor:
    """An anchor, its signature checked.

    Raises:
        AnchorUnusable: it is none, or another key signed it.
    """
    try:
        found = json.loads(regular.beginning(file, _LONGEST))
        signature = base64.b64decode(found.pop("signature"), validate=True)
        said = signed_bytes(found)
        anchor = Anchor(str(found["trail"]), Head(seq_of(found), str(found["hash"])))
    except OSError as error:
        raise AnchorUnusable(file=str(file), reason=reason_of(error)) from error
    except (ValueError, TypeError, KeyError, AttributeError):
        raise AnchorUnusable(file=str(file), reason=_("it is no anchor")) from None
    if not _is_signed(key, signature, said):
        reason = _("it is not signed with the key that was given")
        raise AnchorUnusable(file=str(file), reason=reason)
    return anchor


def read_key(file: Path) -> PublicKey:
    """A public key that anchors are checked by.

    Raises:
        AnchorUnusable: the file holds none.
    """
    from cryptography import x509  # noqa: PLC0415  # only what reads anchors needs it
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec, rsa  # noqa: PLC0415

    try:
        data = regular.beginning(file, _LONGEST)
        if b"BEGIN CERTIFICATE" in data:
            key = x509.load_pem_x509_certificate(data).public_key()
        else:
            key = serialization.load_pem_public_key(data)  # type: ignore[assignment]
    except OSError as error:
        raise AnchorUnusable(file=str(file), reason=reason_of(error)) from error
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise AnchorUnusable(file=str(file), reason=_("it holds no public key")) from None
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise AnchorUnusable(file=str(file), reason=_("it holds no RSA or EC key"))
    return key


def _is_signed(key: PublicKey, signature: bytes, said: bytes) -> bool:
    """Whether a signature is right: ECDSA, or PKCS #1 v1.5, as a token signs certificates."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa  # noqa: PLC0415

    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, said, padding.PKCS1v15(), hashes.SHA256())
        else:
            wide = key.key_size > _WIDEST_FOR_SHA256
            chosen = hashes.SHA384() if wide else hashes.SHA256()
            key.verify(signature, said, ec.ECDSA(chosen))
    except InvalidSignature:
        return False
    return True
