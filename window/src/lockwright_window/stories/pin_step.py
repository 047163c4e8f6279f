"""The step "Enter the PIN of this token", which every story uses that needs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from lockwright.errors.pins import USER_PIN
from lockwright.models import Token
from lockwright.runner import Runner
from lockwright.secret import Secret

from lockwright_window.story.frame import Story
from lockwright_window.story.step import Step

T = TypeVar("T")


class PinStep(Step):
    """The PIN of a token is asked for; a wrong one keeps the page, and says what is left.

    ::

        def _begin(self) -> None:
            step = PinStep(self, token, self._with_pin, why=lambda: _("..."))
            self.show_step(step)

        def _with_pin(self, step: PinStep) -> None:
            step.work(lambda: _("Deleting…"), lambda runner, pin: runner.apply(token, pin, plan), self._done)

    Args:
        story: which it belongs to.
        token: the token.
        use: goes on; it is called when the button was pressed, and calls ``work``.
        why: what the PIN is for, in the language in use.
        next_words: what the button says.
        before: the page that Back shows.
        role: which PIN.
    """

    def __init__(
        self,
        story: Story,
        token: Token,
        use: Callable[[PinStep], None],
        *,
        why: Callable[[], str] = str,
        next_words: Callable[[], str] | None = None,
        before: Step | None = None,
        role: str = USER_PIN,
    ) -> None:
        super().__init__(story)

    def work(
        self,
        words: Callable[[], str],
        call: Callable[[Runner, Secret], T],
        done: Callable[[T], None],
        *,
        failed: Callable[[Exception], None] | None = None,
        unwanted: Callable[[T], None] | None = None,
    ) -> None:
        """Have something done with the PIN that was typed; see ``Story.work`` for the rest.

        Args:
            words: what is done.
            call: does it with the PIN, which is wiped when it returns: whoever needs it longer
                takes a copy (``copy.copy``) and wipes that. Empty for a token that asks for the PIN on
                its own pad, or for none.
            done: goes on.
            failed: is told of errors that are not about this PIN.
            unwanted: see ``Story.work``.
        """
