"""Tokens that several modules show: one device, or somebody else's strings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from lockwright.i18n import _
from lockwright.models import Token, TokenIdentity

Owns = Callable[[Token], bool]
"""Whether the module that shows a token is one of those that its adapter knows."""


def one_door_each(
    tokens: Sequence[Token], owns: Owns, *, named: bool
) -> tuple[list[Token], list[TokenIdentity]]:
    """Leave each token to one module.

    Tokens of the same strings in one module are several. In several modules they are one device
    where its adapter knows all of these modules; the first one keeps it. Where another module
    shows them, it may be a copy, and nobody can tell, so they are nobody's; but if it is the only
    one that shows them, and a person named it, that is for the person to know.

    Args:
        tokens: what the modules show, with the adapters that claim it.
        owns: tells a vendor's own modules.
        named: whether a person named the modules.

    Returns:
        The tokens, those without an adapter that another module is left with, or nobody; and
        which of them are unclear.
    """
    alike: dict[tuple[str, ...], list[Token]] = defaultdict(list)
    for token in tokens:
        if token.adapter is not None:
            alike[token.identity.strings].append(token)
    unclear = [
        each.identity
        for group in alike.values()
        if _is_unclear(group, owns, named=named)
        for each in group
    ]
    told = (_left_with(token, alike[token.identity.strings], unclear) for token in tokens)
    return list(told), unclear


def _is_unclear(group: Sequence[Token], owns: Owns, *, named: bool) -> bool:
    if named and len({token.identity.module.path for token in group}) == 1:
        return False
    return len({token.adapter for token in group}) > 1 or not all(map(owns, group))


def _left_with(token: Token, alike: Sequence[Token], unclear: Sequence[TokenIdentity]) -> Token:
    """The token as its adapter gets it, or without one and with the reason."""
    if token.adapter is None:
        return token
    if token.identity in unclear:
        modules = sorted({str(each.identity.module.path) for each in alike})
        reason = _("unclear: not every module that shows it is known to be its vendor's: {modules}")
        return replace(token, adapter=None, reason=reason.format(modules=", ".join(modules)))
    first = alike[0].identity.module.path
    if not token.serial or token.identity.module.path == first:
        return token
    return replace(
        token,
        adapter=None,
        reason=_("the same token as seen through {module}").format(module=first),
    )
