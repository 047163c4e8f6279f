"""Delete and wipe: plan, apply to the state it was made for, list again, report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from lockwright.calls.adapters import Calls
from lockwright.contract import hooks
from lockwright.errors import (
    AmbiguousSelection,
    LockwrightError,
    NothingSelected,
    NotSupported,
    PartlyDeleted,
    PlanStale,
)
from lockwright.i18n import N_
from lockwright.models import (
    Container,
    Failure,
    Listing,
    Plan,
    Report,
    Token,
    TokenObject,
)
from lockwright.operations.listing import listing
from lockwright.operations.object_names import describe
from lockwright.secret import Secret

ERASE = N_("be erased by its administrator")
_SHORTEST_PREFIX = 6


def plan(content: Listing, selectors: Sequence[str], *, expired: datetime | None = None) -> Plan:
    """What deleting the selected content would remove.

    Args:
        content: the token's content, listed with the PIN.
        selectors: each a container's ``CKA_ID`` in hex or its label, a certificate's SHA-256
            fingerprint, or an object's ref, the last two by their first six characters or more.
        expired: also every container whose certificates had all expired by then.

    Raises:
        NothingSelected: a selector fits nothing; that nothing has expired is an empty plan.
        AmbiguousSelection: a selector fits more than one thing.
    """
    containers: list[Container] = []
    objects: list[TokenObject] = []
    for selector in selectors:
        whole, single = _select(content, selector)
        containers += [container for container in whole if container not in containers]
        objects += [obj for obj in single if obj not in objects]
    if expired is not None:
        due = [c for c in content.containers if _all_expired(c, expired)]
        containers += [container for container in due if container not in containers]
    inside = {obj.ref for container in containers for obj in container.objects}
    objects = [obj for obj in objects if obj.ref not in inside]
    found = tuple(containers), tuple(objects)
    return Plan(content.serial, content.digest, *found, token=content.token)


def container_named(content: Listing, selector: str) -> Container:
    """The one container of that ``CKA_ID``, in hex, or label.

    Raises:
        NothingSelected: there is none.
        AmbiguousSelection: several have the label.
    """
    whole, _single = _select(content, selector)
    if len(whole) != 1:
        raise NothingSelected(serial=content.serial, selector=selector)
    return whole[0]


def plan_wipe(content: Listing) -> Plan:
    """What a wipe would remove: everything."""
    found = content.containers, content.objects
    return Plan(content.serial, content.digest, *found, wipe=True, token=content.token)


def apply(calls: Calls, token: Token, pin: Secret, agreed: Plan) -> Report:
    """Carry out a plan that a person agreed to.

    Args:
        calls: the contract.
        token: the token the plan was made for.
        pin: user PIN.
        agreed: the plan.

    Raises:
        PlanStale: the content is no longer what the plan was made for; nothing is gone.
        PartlyDeleted: something planned is still there; its facts say what.
    """
    _require(agreed, calls, token, pin)
    refs = [obj.ref for obj in agreed.targets]
    if agreed.wipe:
        return _report(calls, token, pin, agreed, lambda: calls(hooks.lockwright_wipe, token, pin))
    return _report(
        calls, token, pin, agreed, lambda: calls(hooks.lockwright_delete, token, pin, refs)
    )


def erase(calls: Calls, token: Token, so_pin: Secret, agreed: Plan) -> Report:
    """Have the administrator erase a token by its own function.

    What only the user may see is not in the plan, and goes as well.

    Args:
        calls: the contract.
        token: the token the plan was made for.
        so_pin: SO PIN.
        agreed: a wipe that was planned without the user PIN.

    Raises:
        NotSupported: the token does not allow it.
        PlanStale: the content is no longer what the plan was made for; nothing is gone.
        PartlyDeleted: something planned is still there.
    """
    if not token.state.capabilities.erase:
        raise NotSupported(operation=ERASE, adapter=token.adapter)
    _require(agreed, calls, token, None)

    def work() -> Sequence[Failure]:
        calls(hooks.lockwright_erase, token, so_pin)
        return ()

    return _report(calls, token, None, agreed, work)


def _require(agreed: Plan, calls: Calls, token: Token, pin: Secret | None) -> None:
    """Refuse a plan that was made for another token, or for another content of this one."""
    if agreed.token is None or not token.identity.is_it(agreed.token):
        raise PlanStale(serial=token.serial)
    if agreed.digest != listing(calls, token, pin).digest:
        raise PlanStale(serial=token.serial)


def _report(
    calls: Calls,
    token: Token,
    pin: Secret | None,
    agreed: Plan,
    work: Callable[[], Sequence[Failure]],
) -> Report:
    failures = tuple(work())
    there = _still_there(calls, token, pin, failures)
    gone = tuple(obj for obj in agreed.targets if obj.ref not in there)
    left = tuple(obj for obj in agreed.targets if obj.ref in there)
    if left:
        ckr = next((failure.ckr for failure in failures if failure.ckr is not None), None)
        raise PartlyDeleted(gone=_names(gone), left=_names(left), ckr=ckr, adapter=token.adapter)
    return Report(token.serial, gone, left, failures)


def _still_there(
    calls: Calls, token: Token, pin: Secret | None, failures: Sequence[Failure]
) -> frozenset[str]:
    """Refs on the token now; by what it answered, if it can no longer be listed."""
    try:
        return frozenset(obj.ref for obj in listing(calls, token, pin).all_objects)
    except LockwrightError:
        return frozenset(failure.ref for failure in failures)


def _select(content: Listing, selector: str) -> tuple[list[Container], list[TokenObject]]:
    wanted = selector.lower().removeprefix("0x")
    whole = [c for c in content.containers if c.id.hex() == wanted or c.label == selector]
    single = []
    if not whole and len(wanted) >= _SHORTEST_PREFIX:
        prints = {c.object.ref: c.fingerprint for k in content.containers for c in k.certificates}
        single = [
            obj
            for obj in content.all_objects
            if obj.ref.startswith(wanted) or prints.get(obj.ref, "").startswith(wanted)
        ]
    if not whole and not single:
        raise NothingSelected(serial=content.serial, selector=selector)
    if len(whole) + len(single) > 1:
        fits = (*(c.id.hex() or c.label for c in whole), *(obj.ref for obj in single))
        raise AmbiguousSelection(serial=content.serial, selector=selector, fits=fits)
    return whole, single


def _all_expired(container: Container, now: datetime) -> bool:
    return bool(container.certificates) and all(c.expired(now) for c in container.certificates)


def _names(objects: Sequence[TokenObject]) -> tuple[str, ...]:
    return tuple(describe(obj) for obj in objects)
