"""How an adapter explains that a token is its own."""

from __future__ import annotations

from lockwright.i18n import _
from lockwright.models import TokenIdentity


def match_reason(identity: TokenIdentity) -> str:
    """The strings by which a token was recognised, in the user's language."""
    reason = _("manufacturer {manufacturer}, model {model}")
    return reason.format(manufacturer=repr(identity.manufacturer), model=repr(identity.model))
