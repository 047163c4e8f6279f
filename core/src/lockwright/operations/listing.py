"""List a token: what the adapter read, joined into containers the same way for every vendor."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lockwright.contract import hooks
from lockwright.models import (
    Container,
    ContainerState,
    Listing,
    ObjectKind,
    Token,
    TokenObject,
)
from lockwright.operations.belonging import Group, grouped, of_a_key, ref_alone
from lockwright.operations.hidden_keys import NOTHING_PROVED, Proved
from lockwright.operations.names import Names
from lockwright.pkcs11.key_types import most_telling
from lockwright.pkcs11.refs import OF, base_of, by_value
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.calls.adapters import Calls

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
    objects = calls(hooks.lockwright_list, token, pin, None)
    seen = pin is not None or not token.identity.login_required
    return on_token(token, objects, logged_in=seen)


def on_token(
    token: Token,
    objects: Sequence[TokenObject],
    *,
    logged_in: bool,
    proved: Proved = NOTHING_PROVED,
) -> Listing:
    """The content of a token; the other arguments are those of ``contents``."""
    content = contents(token.serial, objects, logged_in=logged_in, proved=proved)
    return replace(content, token=token.identity.key)


def contents(
    serial: str,
    objects: Sequence[TokenObject],
    *,
    logged_in: bool,
    proved: Proved = NOTHING_PROVED,
) -> Listing:
    """Objects as an adapter read them, joined into containers.

    Args:
        serial: serial number of the token.
        objects: everything on it.
        logged_in: whether private objects could be seen.
        proved: where trial signatures showed private keys to belong.
    """
    known = _told_apart(objects, proved)
    bare = [_container(group, known, logged_in=logged_in) for group in grouped(objects, proved)]
    loose = tuple(obj for obj in objects if not of_a_key(obj))
    names = Names(bare, loose)
    every = (*(obj for container in bare for obj in container.objects), *loose)
    return Listing(
        serial=serial,
        logged_in=logged_in,
        containers=tuple(replace(each, selector=names.of_container(each)) for each in bare),
        objects=loose,
        digest=_digest(objects),
        selectors={obj.ref: names.of_object(obj) for obj in every},
    )


def _told_apart(objects: Sequence[TokenObject], proved: Proved) -> dict[str, TokenObject]:
    """Private keys that are alike and proved whose they are: named by that, not by a number."""
    alike = Counter(base_of(obj) for obj in objects)
    values = Counter((base_of(obj), proved.get(obj.ref)) for obj in objects)
    return {
        obj.ref: replace(obj, ref=by_value(obj.ref, value), public_value=value or None)
        for obj in objects
        if (value := proved.get(obj.ref)) is not None and alike[base_of(obj)] > 1
        if values[base_of(obj), value] == 1
    }


def _container(group: Group, known: Mapping[str, TokenObject], *, logged_in: bool) -> Container:
    from lockwright.operations.certificates import read_certificate  # noqa: PLC0415  # slow to import

    keys = sorted(
        (known.get(o.ref, o) for o in group.members if o.kind is not ObjectKind.CERTIFICATE),
        key=lambda key: (key.kind is not ObjectKind.PRIVATE_KEY, not key.label),
    )
    certificates = sorted(
        (read_certificate(obj) for obj in group.members if obj.kind is ObjectKind.CERTIFICATE),
        key=lambda certificate: certificate.not_after or _LONG_AGO,
        reverse=True,
    )
    inside = (*keys, *(certificate.object for certificate in certificates))
    return Container(
        id=inside[0].id,
        label=next((obj.label for obj in inside if obj.label.strip()), inside[0].label),
        key_type=most_telling([k.key_type for k in keys] + [c.key_type for c in certificates]),
        keys=tuple(keys),
        certificates=tuple(certificates),
        state=_state({obj.kind for obj in inside}, logged_in=logged_in),
        ref=ref_alone(inside[0].ref) if _is_told_by_a_trial(inside[0]) else group.ref,
        remarks=group.remarks,
    )


def _is_told_by_a_trial(key: TokenObject) -> bool:
    """Whether it stands alone, and what tells it from its twins is that it fits no public value."""
    return OF in key.ref and key.public_value is None


def _state(kinds: Collection[ObjectKind], *, logged_in: bool) -> ContainerState:
    certified = ObjectKind.CERTIFICATE in kinds
    if ObjectKind.PRIVATE_KEY in kinds:
        return ContainerState.COMPLETE if certified else ContainerState.KEY_ONLY
    if not logged_in:
        return ContainerState.NOT_SEEN
    return ContainerState.CERTIFICATE_ONLY if certified else ContainerState.PUBLIC_KEY_ONLY


def _digest(objects: Iterable[TokenObject]) -> str:
    """One name for a whole content, whatever the order the token lists it in."""
    return hashlib.sha256("\n".join(sorted(obj.ref for obj in objects)).encode()).hexdigest()
