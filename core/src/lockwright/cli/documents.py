"""Tokens, contents and plans as JSON; the shapes are those of the files in ``schemas``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from lockwright import operations
from lockwright.models import (
    Certificate,
    Container,
    Listing,
    ObjectKind,
    PinStatus,
    Plan,
    StoredCertificate,
    Token,
    TokenIdentity,
    TokenObject,
    Waits,
)
from lockwright.operations.devices import Device
from lockwright.policy import BrokenRule

Document = dict[str, object]


def pin(status: PinStatus | None) -> Document | None:
    """State of a PIN."""
    if status is None:
        return None
    return {
        "state": status.state.value,
        "tries_left": status.tries_left,
        "unblocks_left": status.unblocks_left,
    }


def token(found: Token) -> Document:
    """A token as it was found."""
    identity, state = found.identity, found.state
    can = state.capabilities
    return {
        "serial": identity.serial,
        "label": identity.label,
        "model": identity.model,
        "manufacturer": identity.manufacturer,
        "hardware_version": _version(identity.hardware_version),
        "firmware_version": _version(identity.firmware_version),
        "module": str(identity.module.path),
        "module_version": _version(identity.module.version),
        "slot": identity.slot,
        "slot_description": identity.slot_description,
        "write_protected": identity.write_protected,
        "login_required": identity.login_required,
        "pin_pad": identity.pin_pad,
        "adapter": found.adapter,
        "reason": found.reason,
        "memory": state.memory and {"free": state.memory.free, "total": state.memory.total},
        "pin": pin(state.user_pin),
        "so_pin": pin(state.so_pin),
        "puk": pin(state.puk),
        "capabilities": {
            "unblock_sets_pin": sorted(can.unblock_sets_pin),
            "unblock_keeps_pin": sorted(can.unblock_keeps_pin),
            "key_types": list(can.key_types),
            "wipe": can.wipe,
            "erase": can.erase,
        },
    }


def blank(found: TokenIdentity) -> Document:
    """A token that was never initialised."""
    return {
        "module": str(found.module.path),
        "slot": found.slot,
        "slot_description": found.slot_description,
        "serial": found.serial,
        "label": found.label,
        "model": found.model,
        "manufacturer": found.manufacturer,
    }


def waits(found: Waits) -> Document:
    """A token that waits for a Response in another program."""
    return {
        **blank(found.token),
        "program": found.program,
        "pid": found.pid,
        "since": found.since.isoformat(timespec="seconds"),
        "until": found.until.isoformat(timespec="seconds"),
    }


def device(found: Device) -> Document:
    """A device and the tokens that are its applets."""
    return {
        "module": str(found.module),
        "reader": found.reader,
        "tokens": [token.serial for token in found.tokens],
    }


def listing(content: Listing) -> Document:
    """What is on a token."""
    now = datetime.now(UTC)
    return {
        "token": content.serial,
        "logged_in": content.logged_in,
        "digest": content.digest,
        "containers": [container(found, now) for found in content.containers],
        "objects": [{**single(o), "name": content.selectors[o.ref]} for o in content.objects],
    }


def plan(agreed: Plan) -> Document:
    """What would be deleted."""
    now = datetime.now(UTC)
    return {
        "digest": agreed.digest,
        "containers": [container(found, now) for found in agreed.containers],
        "objects": [single(obj) for obj in agreed.objects],
        "targets": [_target(obj, now) for obj in agreed.targets],
        "loses_keys": agreed.loses_keys,
    }


def container(found: Container, now: datetime) -> Document:
    """A key and its certificates."""
    key = {
        "type": found.key_type,
        "private": any(obj.private for obj in found.keys),
        "objects": [single(obj) for obj in found.keys],
    }
    return {
        "name": found.selector,
        "id": found.id.hex(),
        "label": found.label,
        "state": found.state.value,
        "remarks": [remark.value for remark in found.remarks],
        "key": key if found.keys else None,
        "certificates": [certificate(each, now) for each in found.certificates],
    }


def certificate(found: Certificate, now: datetime) -> Document:
    """A certificate, as far as it can be read."""
    return {
        "id": found.object.id.hex(),
        "label": found.object.label,
        "ref": found.object.ref,
        "subject": found.subject,
        "issuer": found.issuer,
        "serial": found.serial,
        "not_before": _moment(found.not_before),
        "not_after": _moment(found.not_after),
        "key_type": found.key_type,
        "oddities": [each.value for each in found.oddities],
        "fingerprint": found.fingerprint,
        "days_left": found.days_left(now),
        "expired": found.expired(now),
    }


def _target(obj: TokenObject, now: datetime) -> Document:
    """An object that would go, with what is in it."""
    read = obj.kind is ObjectKind.CERTIFICATE and not obj.unreadable
    return {
        **single(obj),
        "certificate": certificate(operations.certificates.read_certificate(obj), now)
        if read
        else None,
    }


def stored(found: StoredCertificate) -> Document:
    """A certificate that was just written."""
    return {"id": found.id.hex(), "label": found.label, "fingerprint": found.fingerprint}


def single(obj: TokenObject) -> Document:
    """One object."""
    return {
        "kind": obj.kind.value,
        "id": obj.id.hex(),
        "label": obj.label,
        "ref": obj.ref,
        "private": obj.private,
        "key_type": obj.key_type,
        "unreadable": obj.unreadable,
    }


def rules(broken: Sequence[BrokenRule]) -> list[Document]:
    """Rules that a PIN breaks."""
    return [
        {"rule": each.rule.value, "required": each.required, "detail": each.detail}
        for each in broken
    ]


def _version(numbers: tuple[int, int]) -> str:
    return ".".join(map(str, numbers))


def _moment(moment: datetime | None) -> str | None:
    return (
        None if moment is None else f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z"
    )
