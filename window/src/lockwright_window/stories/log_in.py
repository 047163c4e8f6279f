"""Log in, to see what only the PIN opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lockwright.i18n import _
from lockwright.models import Listing, Token
from lockwright.runner import Runner
from lockwright.secret import Secret
from PySide6.QtWidgets import QWidget

from lockwright_window.stories.pin_step import PinStep
from lockwright_window.story.frame import Story

if TYPE_CHECKING:
    from lockwright_window.life.program import Program


def begin(
    program: Program, parent: QWidget, token: Token, done: Callable[[Listing], None]
) -> Story:
    """Begin it; its window is open then.

    Args:
        program: the program.
        parent: the window it belongs to.
        token: the token.
        done: is given everything on the token.
    """
    story = Story(program, parent, lambda: _("Log in"))

    def read(runner: Runner, pin: Secret) -> Listing:
        return runner.list(token, pin)

    def show(listing: Listing) -> None:
        done(listing)
        story.leave()

    step = PinStep(
        story,
        token,
        lambda step: step.work(lambda: _("Reading the token…"), read, show),
        why=lambda: _("Private objects are then shown until another token is."),
        next_words=lambda: _("OK"),
    )
    story.show_step(step)
    story.open()
    return story
