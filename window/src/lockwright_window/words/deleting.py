"""What is said of a deletion: what it is of, what goes, what is gone, and what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from lockwright.console.clean import clean
from lockwright.i18n import _, ngettext
from lockwright.models import Doing, ObjectKind, Plan, Progress, TokenObject
from lockwright.operations.object_names import describe

from lockwright_window.words.content import Node, Sort, flat

_KEYS = frozenset({ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY, ObjectKind.SECRET_KEY})
MOST = 30
"""Objects that are named one by one in a report; of more, the number of the others is said."""


def item_words(nodes: Sequence[Node]) -> str:
    """What the item of the menu says, and the bin does."""
    if len(nodes) != 1:
        return _("Delete what is chosen")
    (node,) = nodes
    if node.certificate is not None:
        return _("Delete certificate")
    return _("Delete container") if node.sort is Sort.CONTAINER else _("Delete object")


def question(nodes: Sequence[Node]) -> str:
    """What is asked before anything is deleted."""
    if len(nodes) != 1:
        return _("What is chosen will be deleted. Continue?")
    (node,) = nodes
    if node.certificate is not None:
        return _("The certificate will be deleted. Continue?")
    if node.sort is Sort.CONTAINER:
        return _("The container will be deleted. Continue?")
    return _("The object will be deleted. Continue?")


def goes(nodes: Sequence[Node], *, keys: bool) -> list[str]:
    """What goes, a line each.

    Args:
        nodes: what was chosen.
        keys: whether the keys of a certificate go, too.
    """
    found: list[str] = []
    for node in nodes:
        rows = node.children or (node,)
        rows = tuple(row for row in rows if keys or row.certificate is not None)
        for row in rows:
            cells = row.tell()
            found.append(": ".join(filter(None, (cells.name, cells.state))))
        if keys and node.sort is Sort.CONTAINER and not _has_private(node):
            found.append(_("the private key, which only the PIN shows, if there is one"))
    return found


def loses_keys(nodes: Sequence[Node]) -> bool:
    """Whether a key goes that cannot be brought back, or may go."""
    return any(
        node.sort is Sort.CONTAINER or any(obj.kind in _KEYS for obj in node.objects)
        for node in nodes
    )


def loss() -> str:
    """What cannot be undone."""
    return _("A private key that is deleted cannot be brought back.")


def unexpected(nodes: Sequence[Node], plan: Plan) -> bool:
    """Whether a plan removes more than a person was told of.

    The keys of a container that goes as a whole were told of, also those that only the PIN shows.

    Args:
        nodes: what was chosen.
        plan: what is to be deleted.
    """
    shown = {obj.ref for node in nodes for obj in node.objects}
    keys = {obj.ref for each in plan.containers for obj in each.keys}
    return any(obj.ref not in shown and obj.ref not in keys for obj in plan.targets)


def expired(nodes: Iterable[Node], now: datetime) -> Iterator[Node]:
    """The rows that have expired: whole containers, and old certificates beside a valid one.

    Args:
        nodes: the rows of a listing.
        now: the time, UTC.
    """
    for node in flat(nodes):
        if node.sort is Sort.CONTAINER:
            read = [row for row in node.children if row.certificate is not None]
            over = [row for row in read if row.certificate and row.certificate.expired(now)]
            if over and len(over) == len(read):
                yield node
            else:
                yield from over


def counted(progress: Progress) -> str:
    """How far it has come, in a line; empty if nothing is counted."""
    done, total = progress.done, progress.total
    if progress.doing is Doing.REMOVING and total:
        told = ngettext(
            "{done} of {total} object is gone", "{done} of {total} objects are gone", total
        )
        return told.format(done=done, total=total)
    if progress.doing is Doing.REMOVING:
        return ngettext("{number} object is gone", "{number} objects are gone", done).format(
            number=done
        )
    if progress.doing is Doing.READING and total:
        told = ngettext("{done} of {total} object", "{done} of {total} objects", total)
        return told.format(done=done, total=total)
    return ""


def listed(names: Sequence[str]) -> str:
    """Names, a line each; of many, the first ones and how many more there are."""
    shown = [f"  • {clean(name)}" for name in names[:MOST]]
    if more := len(names) - len(shown):
        told = ngettext("and {number} more object", "and {number} more objects", more)
        shown.append("  • " + told.format(number=more))
    return "\n".join(shown)


def named(objects: Iterable[TokenObject]) -> tuple[str, ...]:
    """Objects by what they are called."""
    return tuple(map(describe, objects))


def _has_private(node: Node) -> bool:
    return any(obj.kind is ObjectKind.PRIVATE_KEY for obj in node.objects)
