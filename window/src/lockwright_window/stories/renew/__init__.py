"""Renew a certificate: a new key and certificate in place of one that is about to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.models import Token
from PySide6.QtWidgets import QWidget

from lockwright_window.stories.renew.story import Renew

if TYPE_CHECKING:
    from lockwright_window.life.program import Program


def begin(program: Program, parent: QWidget, token: Token, container: str | None = None) -> Renew:
    """Open it.

    Args:
        program: the program.
        parent: the window it belongs to.
        token: the token.
        container: the container that is meant (``Container.ref``); None for any.
    """
    return Renew(program, parent, token, container)
