"""Clean a token: some of it or all; or delete what was chosen in the detailed view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockwright.models import Token
from PySide6.QtWidgets import QWidget

from lockwright_window.stories.clean.chosen import ChosenStory
from lockwright_window.stories.clean.story import CleanStory
from lockwright_window.words.content import Node

if TYPE_CHECKING:
    from lockwright_window.life.program import Program
    from lockwright_window.story.frame import Story


def begin(program: Program, parent: QWidget, token: Token) -> Story:
    """Begin to clean a token.

    Args:
        program: the program.
        parent: the window it belongs to.
        token: the token.
    """
    return CleanStory(program, parent, token)


def begin_with(program: Program, parent: QWidget, token: Token, nodes: Sequence[Node]) -> Story:
    """Delete what was chosen, after one question; its window is open then.

    Args:
        program: the program.
        parent: the window it belongs to.
        token: the token.
        nodes: what was chosen, as it was listed last.
    """
    story = ChosenStory(program, parent, token, nodes)
    story.open()
    return story
