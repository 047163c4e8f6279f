"""What is said of a deletion: what it is of, what goes, what is gone, and what is left."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.i18n import _, ngettext
from lockwright_window.words.content import Node, Sort


def item_words(nodes: Sequence[Node]) -> str:
    """What the item of the menu says, and the bin does."""
    if len(nodes) != 1:
        return _("Delete what is chosen")
    (node,) = nodes
    if node.certificate is not None:
        return _("Delete certificate")
    return _("Delete container") if node.sort is Sort.CONTAINER else _("Delete object")
