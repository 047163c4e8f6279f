"""A new certificate: the wizard, with what renewing and going on share with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.models import Token
from PySide6.QtWidgets import QWidget

from lockwright_window.stories.enrol.wizard import Enrol

if TYPE_CHECKING:
    from lockwright_window.life.program import Program


def begin(program: Program, parent: QWidget, token: Token | None) -> Enrol:
    """Open the wizard.

    Args:
        program: the program.
        parent: the window it belongs to.
        token: the token that it is begun at; None for none.
    """
    return Enrol(program, parent, token)


def opened(program: Program, parent: QWidget, token: Token | None) -> Enrol:
    """Open the wizard, and show it; the arguments are those of ``begin``."""
    story = begin(program, parent, token)
    story.open()
    return story
