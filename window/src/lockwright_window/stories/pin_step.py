"""The step "Enter the PIN of this token", which every story uses that needs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from lockwright.errors.pins import USER_PIN
from lockwright.i18n import _
from lockwright.models import Token
from lockwright.runner import Runner
from lockwright.secret import Secret
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lockwright_window.fields.ask_pin import AskPin
from lockwright_window.pieces.labels import text
from lockwright_window.stories.locked_pin import LockedPin, turn_to, way_out
from lockwright_window.story.failed import Failed
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
            deletes = lambda runner, pin: runner.apply(token, pin, plan)
            step.work(lambda: _("Deleting…"), deletes, self._done)

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
        self.token = token
        self._use, self._words, self._next, self._before = use, why, next_words, before
        self._why = text(self)
        self.ask = AskPin(self, token, role)
        self.ask.changed.connect(self.changed)
        self._instead = None if self.ask.can_be_tried else way_out(token, role)
        layout = QVBoxLayout(self)
        layout.addWidget(self._why)
        layout.addWidget(self.ask)
        layout.addStretch()

    def work(
        self,
        shows: Step | Callable[[], str],
        call: Callable[[Runner, Secret], T],
        done: Callable[[T], None],
        *,
        failed: Callable[[Exception], None] | None = None,
        unwanted: Callable[[T], None] | None = None,
    ) -> None:
        """Have something done with the PIN that was typed; see ``Story.work`` for the rest.

        Args:
            shows: see ``Story.work``.
            call: does it with the PIN, which is wiped afterwards, whatever comes of it: whoever
                needs it longer takes a copy (``copy.copy``) and wipes that. Empty for a token that
                asks for the PIN on its own pad, or for none.
            done: goes on.
            failed: is told of errors that are not about this PIN.
            unwanted: see ``Story.work``.
        """
        pin, spends, ask = self.ask.take(), self.ask.spends_last_try, self.ask

        def called(runner: Runner) -> T:
            with runner.last_try(agreed=spends):
                return call(runner, pin)

        def fails(error: Exception) -> None:
            if ask.tell(error):
                self.story.show_step(self)
            elif not ask.can_be_tried:
                self.story.show_step(LockedPin(self.story, self.token, error))
            elif failed is not None:
                failed(error)
            else:
                self.story.show_step(Failed(self.story, error, self))

        self.story.work(
            shows if isinstance(shows, Step) else lambda: ask.while_working(shows()),
            called,
            done,
            failed=fails,
            unwanted=unwanted,
            secrets=[pin],
        )

    def title(self) -> str:
        """What is asked for."""
        return _("Enter the PIN")

    def next_words(self) -> str:
        """What is done with it; or what is to be done first where it is of no use."""
        if self._instead is not None:
            return _(self._instead.words)
        return self._next() if self._next is not None else super().next_words()

    def ready(self) -> bool:
        """Whether it was typed, or is not typed here."""
        return self._instead is not None or self.ask.ready()

    def before(self) -> Step | None:
        """The page that Back shows."""
        return self._before

    def first(self) -> QWidget | None:
        """The field."""
        return self.ask.first()

    def go(self) -> None:
        """Go on with it."""
        if self._instead is not None:
            turn_to(self.story, self._instead, self.token)
        else:
            self._use(self)

    def leave(self) -> None:
        """Overwrite it."""
        self.ask.wipe()

    def say(self) -> None:
        """What it is for."""
        self._why.setText(self._words())
        self._why.setVisible(bool(self._words()))
