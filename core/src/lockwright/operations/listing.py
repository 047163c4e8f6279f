"""List a token: what the adapter read, joined into containers the same way for every vendor."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from lockwright.calls.adapters import Calls
from lockwright.contract import hooks
from lockwright.models import (
    Container,
    ContainerState,
    Listing,
    ObjectKind,
    Token,
    TokenObject,
)
from lockwright.operations.certificates import read_certificate
from lockwright.pkcs11.key_types import most_telling
from lockwright.secret import Secret

_KEYS = (ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def listing(calls: Calls, token: Token, pin: Secret | None) -> Listing:
    """Everything on a token.

    Args:
        calls: the contract.
        token: the token.
        pin: user PIN, or None to see only what anyone may see.

    Raises:
        PinError: the token did not let us in.
        TokenError, ModuleError, AdapterError: it could not be read.
    """
    objects = calls(hooks.lockwright_list, token, pin)
    seen = pin is not None or not token.identity.login_required
    content = contents(token.serial, objects, logged_in=seen)
    return replace(content, token=token.identity.key)


def contents(serial: str, objects: Sequence[TokenObject], *, logged_in: bool) -> Listing:
    """Objects as an adapter read them, joined into containers."""
    containers = _containers(objects)
    inside = {obj.ref for container in containers for obj in container.objects}
    return Listing(
        serial=serial,
        logged_in=logged_in,
        containers=containers,
        objects=tuple(obj for obj in objects if obj.ref not in inside),
        digest=_digest(objects),
    )


def _containers(objects: Iterable[TokenObject]) -> tuple[Container, ...]:
    """Keys and certificates by ``CKA_ID``; a certificate without one stands alone."""
    groups: dict[tuple[bytes, str], list[TokenObject]] = defaultdict(list)
    for obj in objects:
        if obj.kind in _KEYS or obj.kind is ObjectKind.CERTIFICATE:
            groups[obj.id, "" if obj.id else obj.ref].append(obj)
    return tuple(_container(group) for group in groups.values())


def _container(group: Sequence[TokenObject]) -> Container:
    keys = sorted((obj for obj in group if obj.kind in _KEYS), key=lambda k: _KEYS.index(k.kind))
    certificates = sorted(
        (read_certificate(obj) for obj in group if obj.kind is ObjectKind.CERTIFICATE),
        key=lambda certificate: certificate.not_after or _LONG_AGO,
        reverse=True,
    )
    first = keys[0] if keys else certificates[0].object
    return Container(
        id=first.id,
        label=first.label,
        key_type=most_telling(each.key_type for each in (*keys, *certificates)),
        keys=tuple(keys),
        certificates=tuple(certificates),
        state=_state(has_key=bool(keys), has_certificate=bool(certificates)),
    )


def _state(*, has_key: bool, has_certificate: bool) -> ContainerState:
    if has_key and has_certificate:
        return ContainerState.COMPLETE
    return ContainerState.KEY_ONLY if has_key else ContainerState.CERTIFICATE_ONLY


def _digest(objects: Iterable[TokenObject]) -> str:
    """One name for a whole content, whatever the order the token lists it in."""
    return hashlib.sha256("\n".join(sorted(obj.ref for obj in objects)).encode()).hexdigest()
