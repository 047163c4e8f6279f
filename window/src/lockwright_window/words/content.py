"""What is on a token as a tree: user certificates, keys, what is left over, and what each is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from enum import Enum

from lockwright.certificates import key_names
from lockwright.cli import certificates, phrases
from lockwright.console.clean import clean
from lockwright.i18n import N_, _
from lockwright.models import (
    Certificate,
    Container,
    ContainerState,
    Listing,
    ObjectKind,
    Plan,
    TokenObject,
)
from lockwright.operations.certificates import read_certificate
from lockwright.operations.object_names import kind
from lockwright.records import dataclass

from lockwright_window.words.outlook import SOON
from lockwright_window.words.weight import Weight


class Sort(Enum):
    """What a row of the tree is, which decides what can be done with it."""

    GROUP = "group"
    CONTAINER = "container"
    CERTIFICATE = "certificate"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Cells:
    """A row in the language in use."""

    name: str
    """What it is called."""
    state: str
    """How it is, in words."""
    weight: Weight
    """How much that matters."""
    more: tuple[str, ...] = ()
    """What else is known of it, a line each."""


@dataclass(frozen=True, slots=True)
class Node:
    """A row of the tree, and what is below it."""

    key: str
    """Which row it is, the same from one listing to the next."""
    sort: Sort
    """What it is."""
    tell: Callable[[], Cells]
    """Puts it into words; called where it is shown, since a token may hold a thousand."""
    children: tuple[Node, ...] = ()
    """What is below it."""
    selector: str = ""
    """What names it for a deletion, its ref; empty for a group."""
    objects: tuple[TokenObject, ...] = ()
    """Every object that it stands for."""
    certificate: Certificate | None = None
    """The certificate that it is, or whose container it is; None for none, or for several."""


USERS = N_("User certificates")
KEYS = N_("Keys without a certificate")
ORPHANS = N_("Certificates without a key")
OTHERS = N_("Other objects")


def tree(content: Listing, soon: int = SOON) -> tuple[Node, ...]:
    """The rows of a listing; a group that is empty is left out, but for user certificates.

    Args:
        content: what is on a token.
        soon: days before its end from which a certificate is marked.
    """
    users, keys, orphans = [], [], []
    for container in sorted(content.containers, key=_by_name):
        node = _container(container, soon)
        if not container.certificates:
            keys.append(node)
        elif container.state is ContainerState.CERTIFICATE_ONLY:
            orphans.append(node)
        else:
            users.append(node)
    others = [_object(obj) for obj in content.objects]
    groups = ((USERS, users), (KEYS, keys), (ORPHANS, orphans), (OTHERS, others))
    return tuple(_group(name, rows) for name, rows in groups if rows or name is USERS)


def planned(plan: Plan, soon: int = SOON) -> tuple[Node, ...]:
    """The rows of what a deletion would remove.

    Args:
        plan: what was planned.
        soon: days before its end from which a certificate is marked.
    """
    named = sorted(plan.containers, key=_by_name)
    whole = (_container(container, soon) for container in named)
    return (*whole, *(_object(obj, _read(obj), soon) for obj in plan.objects))


def _by_name(container: Container) -> str:
    return container.name.casefold()


def _read(obj: TokenObject) -> Certificate | None:
    is_one = obj.kind is ObjectKind.CERTIFICATE and not obj.unreadable
    return read_certificate(obj) if is_one else None


def flat(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every row, each before those below it."""
    for node in nodes:
        yield node
        yield from flat(node.children)


def validity(found: Certificate, now: datetime, soon: int = SOON) -> tuple[str, Weight]:
    """How long a certificate is valid, in words, and how much that matters.

    Args:
        found: the certificate.
        now: the time, UTC.
        soon: days before its end from which that matters.
    """
    told, end = phrases.days(found, now), phrases.date(found.not_after)
    words = _("{days}, until {date}").format(days=told, date=end) if end else told
    left = found.days_left(now)
    if left is None:
        return words, Weight.UNKNOWN
    if found.expired(now):
        return _("expired on {date}").format(date=end), Weight.WRONG
    return words, Weight.SOON if left < soon else Weight.FINE


def _group(name: str, rows: Sequence[Node]) -> Node:
    def tell() -> Cells:
        return Cells(f"{_(name)} ({len(rows)})", "", Weight.PLAIN)

    return Node(name, Sort.GROUP, tell, tuple(rows))


def _container(container: Container, soon: int) -> Node:
    read = {each.object.ref: each for each in container.certificates}
    children = tuple(_object(obj, read.get(obj.ref), soon) for obj in container.objects)

    def tell() -> Cells:
        state, weight = phrases.container_state(container.state), Weight.PLAIN
        if container.certificates:
            state, weight = validity(container.certificates[0], datetime.now(UTC), soon)
        return Cells(container_name(container), state, weight, tuple(_of_container(container)))

    return Node(
        key=f"container {container.ref}",
        sort=Sort.CONTAINER,
        tell=tell,
        children=children,
        selector=container.ref,
        objects=container.objects,
        certificate=container.certificates[0] if len(container.certificates) == 1 else None,
    )


def container_name(container: Container) -> str:
    """What a container is called, with the holder of its certificate where that says more."""
    name = clean(container.name)
    first = container.certificates[0] if container.certificates else None
    holder = clean(certificates.called(first)) if first is not None else ""
    return name if holder in {"", name} else _("{name}: {holder}").format(name=name, holder=holder)


def _of_container(container: Container) -> Iterator[str]:
    yield phrases.container_state(container.state)
    yield from map(phrases.remark, container.remarks)
    if container.key_type:
        yield key_names.in_words(container.key_type)
    if container.certificates:
        yield from _of_certificate(container.certificates[0])
    if container.id:
        yield _("id {id}").format(id=container.id.hex())


def _of_certificate(found: Certificate) -> Iterator[str]:
    yield clean(certificates.issued_by(found))
    yield from map(clean, certificates.in_full(found))


def _object(obj: TokenObject, read: Certificate | None = None, soon: int = SOON) -> Node:
    def tell() -> Cells:
        return object_cells(obj, read, soon)

    return Node(
        key=obj.ref,
        sort=Sort.OBJECT if read is None else Sort.CERTIFICATE,
        tell=tell,
        selector=obj.ref,
        objects=(obj,),
        certificate=read,
    )


def object_cells(obj: TokenObject, read: Certificate | None, soon: int = SOON) -> Cells:
    """One object in words.

    Args:
        obj: the object.
        read: the certificate in it; None where it is none.
        soon: days before its end from which a certificate is marked.
    """
    read = read or _read(obj)
    label = clean(obj.label) if obj.label.strip() else ""
    named = label or obj.id.hex()
    more = [_("id {id}").format(id=obj.id.hex())] if obj.id else []
    if read is not None:
        state, weight = validity(read, datetime.now(UTC), soon)
        holder = clean(certificates.called(read))
        return Cells(
            f"{kind(obj)}: {holder or named}", state, weight, (*_of_certificate(read), *more)
        )
    _what, *state_words = phrases.what(obj)
    weight = Weight.UNKNOWN if obj.unreadable else Weight.PLAIN
    name = f"{kind(obj)}: {named}" if named else kind(obj)
    return Cells(name, ", ".join(state_words), weight, tuple(more))
