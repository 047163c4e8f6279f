"""What a token is called."""

from __future__ import annotations

from lockwright.console.clean import clean
from lockwright.i18n import _
from lockwright.models import Token, TokenIdentity


def called(identity: TokenIdentity) -> str:
    """What a token is called: its label."""
    return clean(identity.label) if identity.label.strip() else _("without a label")


def device(token: Token) -> str:
    """A token in one line, for a list to choose from."""
    return f"{called(token.identity)} · {clean(token.identity.model)} · {clean(token.serial)}"
