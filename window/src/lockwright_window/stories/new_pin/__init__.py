"""Set a new user PIN in place of one that was lost: with the bank's help, by SO PIN or PUK."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.models import Token
from PySide6.QtWidgets import QWidget

from lockwright_window.stories.new_pin.story import NewPinStory

if TYPE_CHECKING:
    from lockwright_window.life.program import Program


def begin(program: Program, parent: QWidget, token: Token) -> NewPinStory:
    """Begin it.

    Args:
        program: the program.
        parent: the window it belongs to.
        token: the token.
    """
    story = NewPinStory(program, parent, token)
    story.begin()
    return story
