"""The page that is shown where a PIN is locked: what that means, and the way to a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.errors.pins import USER_PIN
from lockwright.i18n import _
from lockwright.models import Token
from PySide6.QtCore import QTimer

from lockwright_window.stories.acts import Act, act
from lockwright_window.story.failed import Failed

if TYPE_CHECKING:
    from lockwright_window.story.frame import Story


class LockedPin(Failed):
    """A PIN is locked; a new one can be set from here, where the token can do that.

    Args:
        story: which it belongs to.
        token: the token.
        error: what told so.
    """

    def __init__(self, story: Story, token: Token, error: Exception) -> None:
        super().__init__(story, error)
        self._token = token
        self._act = way_out(token, getattr(error, "facts", {}).get("role", USER_PIN))

    def next_words(self) -> str:
        """The way to a new one."""
        return "" if self._act is None else _(self._act.words)

    def go(self) -> None:
        """Close this story, and begin that one."""
        if self._act is not None:
            turn_to(self.story, self._act, self._token)


def turn_to(story: Story, other: Act, token: Token) -> None:
    """Close a story without a question, and begin another one about the same token.

    Args:
        story: the story.
        other: the other one.
        token: the token.
    """
    window, program = story.program.window, story.program

    def begin() -> None:
        window.begin(other, program.known.token(token.identity.key) or token)

    story.destroyed.connect(lambda: QTimer.singleShot(0, window, begin))
    story.leave()


def way_out(token: Token, role: str) -> Act | None:
    """What sets a new PIN in place of one that is of no use; None where the token cannot do that.

    Args:
        token: the token.
        role: which PIN it is.
    """
    found = act("new-pin")
    return found if role == USER_PIN and found is not None and not found.why_not(token) else None
