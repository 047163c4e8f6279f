"""What a person means to delete: a plan of it, with every object by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from lockwright.contract import hooks
from lockwright.errors import AmbiguousSelection, NothingSelected, ObjectsAlike
from lockwright.models import Container, Listing, ObjectKind, Plan, Remark, Token, TokenObject
from lockwright.operations.belonging import doubts
from lockwright.operations.listing import on_token
from lockwright.operations.names import Names
from lockwright.operations.trial import tried
from lockwright.pkcs11.refs import OF, base_of
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.calls.adapters import Calls


def planned(
    calls: Calls,
    token: Token,
    pin: Secret,
    selectors: Sequence[str],
    *,
    expired: datetime | None = None,
) -> Plan:
    """What deleting the selected content would remove, from the token as it is now.

    A private key that shows no public key is tried by a signature, if something goes that may be
    its own.

    Args:
        calls: the contract.
        token: the token.
        pin: user PIN.
        selectors: as for ``plan``.
        expired: as for ``plan``.

    Raises:
        NothingSelected, AmbiguousSelection, ObjectsAlike: as ``plan``.
        PinError: the token did not let us in.
    """
    return plan(settled(calls, token, pin, selectors, expired=expired), selectors, expired=expired)


def settled(
    calls: Calls,
    token: Token,
    pin: Secret,
    selectors: Sequence[str],
    *,
    expired: datetime | None = None,
) -> Listing:
    """The content of a token, where the keys of what is selected are proved by trial signatures.

    Args:
        calls: the contract.
        token: the token.
        pin: user PIN.
        selectors: as for ``plan``.
        expired: as for ``plan``.
    """
    with calls.staying(token):
        objects = calls(hooks.lockwright_list, token, pin, None)
        return settled_of(calls, token, pin, objects, selectors, expired=expired)


def settled_of(  # as settled
    calls: Calls,
    token: Token,
    pin: Secret,
    objects: Sequence[TokenObject],
    selectors: Sequence[str],
    *,
    expired: datetime | None = None,
) -> Listing:
    """The same, of objects that were listed just now.

    Args:
        calls: the contract.
        token: the token.
        pin: user PIN.
        objects: everything on it.
        selectors: as for ``plan``.
        expired: as for ``plan``.
    """
    content = on_token(token, objects, logged_in=True)
    near = _near(content, selectors, expired)
    near_by = [d for d in doubts(objects) if _whereabouts(d.key) in near]
    with calls.staying(token):
        proved = tried(calls, token, pin, near_by)
    return on_token(token, objects, logged_in=True, proved=proved) if proved else content


def plan(content: Listing, selectors: Sequence[str], *, expired: datetime | None = None) -> Plan:
    """What deleting the selected content would remove.

    Args:
        content: the token's content, listed with the PIN.
        selectors: each the name of a container or an object, or a certificate's SHA-256
            fingerprint; see :class:`lockwright.operations.names.Names`.
        expired: also every container whose certificates had all expired by then, and of others
            the expired certificates beside one that is valid.

    Raises:
        NothingSelected: a selector fits nothing; that nothing has expired is an empty plan.
        AmbiguousSelection: a selector fits more than one thing.
        ObjectsAlike: it would go as well as another that nothing tells from it.
    """
    names = names_of(content)
    refs = {_one(content, names, selector) for selector in selectors}
    containers = [c for c in content.containers if c.ref in refs]
    objects = [obj for obj in content.all_objects if obj.ref in refs]
    if expired is not None:
        more = [c for c in content.containers if _all_expired(c, expired)]
        containers += [container for container in more if container not in containers]
        objects += [obj for c in content.containers for obj in _outlived(c, expired)]
    inside = {obj.ref for container in containers for obj in container.objects}
    single = {obj.ref: obj for obj in objects if obj.ref not in inside}
    found = tuple(containers), tuple(single.values())
    made = Plan(content.serial, content.digest, *found, token=content.token)
    _refuse_alike(content, made)
    return made


def plan_wipe(content: Listing) -> Plan:
    """What a wipe would remove: everything."""
    found = content.containers, content.objects
    return Plan(content.serial, content.digest, *found, wipe=True, token=content.token)


def container_named(content: Listing, selector: str) -> Container:
    """The one container of that name.

    Raises:
        NothingSelected: there is none.
        AmbiguousSelection: several things have it.
    """
    ref = _one(content, names_of(content), selector)
    for container in content.containers:
        if container.ref == ref:
            return container
    raise NothingSelected(serial=content.serial, selector=selector)


def names_of(content: Listing) -> Names:
    """The names of everything on a token."""
    return Names(content.containers, content.objects)


def _one(content: Listing, names: Names, selector: str) -> str:
    """The ref of the one thing that a selector fits."""
    fits = names.fits(selector)
    if not fits:
        raise NothingSelected(serial=content.serial, selector=selector.strip() or f'"{selector}"')
    if len(fits) > 1:
        told = {c.ref: c.selector for c in content.containers} | dict(content.selectors)
        named = tuple(sorted(told[ref] for ref in fits))
        raise AmbiguousSelection(serial=content.serial, selector=selector, fits=named)
    return fits.pop()


def _near(content: Listing, selectors: Iterable[str], expired: datetime | None) -> set[bytes | str]:
    """Ids of everything that may be meant, and labels of what has no id."""
    names = names_of(content)
    refs = {ref for selector in selectors for ref in names.fits(selector)}
    if expired is not None:
        some = (c for c in content.containers if any(e.expired(expired) for e in c.certificates))
        refs |= {container.ref for container in some}
    meant = [obj for c in content.containers if c.ref in refs for obj in c.objects]
    meant += [obj for obj in content.all_objects if obj.ref in refs]
    return {_whereabouts(obj) for obj in meant}


def _whereabouts(obj: TokenObject) -> bytes | str:
    """What a private key shares with the objects that may be its own."""
    return obj.id or obj.label


def _all_expired(container: Container, now: datetime) -> bool:
    """Whether nothing of a container is of use; a key that only its id put there is another's."""
    over = bool(container.certificates) and all(c.expired(now) for c in container.certificates)
    return over and Remark.BY_ID not in container.remarks


def _outlived(container: Container, now: datetime) -> Iterable[TokenObject]:
    """The expired certificates of a container that has a valid one as well."""
    if any(c.not_after is not None and not c.expired(now) for c in container.certificates):
        yield from (c.object for c in container.certificates if c.expired(now))


def _refuse_alike(content: Listing, made: Plan) -> None:
    """Refuse to delete some of several objects that nothing tells apart, but not the others."""
    every = Counter(map(base_of, content.all_objects))
    going = Counter(map(base_of, made.targets))
    for obj in made.targets:
        base = base_of(obj)
        told = obj.kind is ObjectKind.CERTIFICATE or obj.public_value is not None
        told = (told or OF in obj.ref) and not obj.unreadable
        if going[base] < every[base] and not told:
            alike = (o for o in content.all_objects if base_of(o) == base)
            named = tuple(content.selectors[o.ref] for o in alike)
            raise ObjectsAlike(serial=content.serial, alike=named)
