"""A new user PIN by its owner, who knows the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.errors import PinRefused, PinRefusedByToken
from lockwright.i18n import _
from lockwright.models import Token
from lockwright.policy import PinPolicy
from lockwright.runner import Runner
from lockwright.secret import Secret
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lockwright_window.fields.ask_pin import AskPin
from lockwright_window.fields.new_pin import NewPin
from lockwright_window.fields.rule_list import RuleList
from lockwright_window.stories.locked_pin import LockedPin
from lockwright_window.story.ended import Ended
from lockwright_window.story.failed import Failed
from lockwright_window.story.frame import Story
from lockwright_window.story.step import Step
from lockwright_window.words.advice import told

if TYPE_CHECKING:
    from lockwright_window.life.program import Program


def begin(program: Program, parent: QWidget, token: Token) -> Story:
    """Open its window, which asks the token for its rules first.

    Args:
        program: the program.
        parent: the window it belongs to.
        token: the token.
    """
    story = Story(program, parent, lambda: _("Change the user PIN"))
    story.work(
        lambda: _("Asking the token for its rules…"),
        lambda runner: runner.policy(token),
        lambda policy: story.show_step(Change(story, token, policy)),
    )
    return story


class Change(Step):
    """The old PIN, and the new one twice, on one page.

    Args:
        story: which it belongs to.
        token: the token.
        policy: the rules for the new PIN.
    """

    def __init__(self, story: Story, token: Token, policy: PinPolicy) -> None:
        super().__init__(story)
        self._token = token
        self._trying = False
        self._old = AskPin(self, token, needed=True)
        typed = self._old.typed_here
        self._new = NewPin(self, policy, (token.serial, token.identity.label)) if typed else None
        layout = QVBoxLayout(self)
        layout.addWidget(self._old)
        layout.addWidget(self._new or RuleList(self, policy))
        layout.addStretch()
        self._old.changed.connect(self.changed)
        if self._new is not None:
            self._new.changed.connect(self.changed)

    def title(self) -> str:
        """What is changed."""
        return _("Change the user PIN")

    def next_words(self) -> str:
        """It is done at once."""
        return _("&Change")

    def ready(self) -> bool:
        """Whether all three were typed, and the new one is good."""
        return self._old.ready() and (self._new is None or self._new.ready())

    def first(self) -> QWidget | None:
        """The old PIN."""
        return self._old.first()

    def go(self) -> None:
        """Change it; a wrong old PIN brings this page back, with the new one as it was typed."""
        old, spends = self._old.take(), self._old.spends_last_try
        new = Secret(b"") if self._new is None else self._new.take()

        def change(runner: Runner) -> None:
            with runner.last_try(agreed=spends):
                runner.change_pin(self._token, old, new)

        self._trying = True
        self.story.work(
            lambda: self._old.while_working(_("Changing the PIN…")),
            change,
            lambda _none: self._done(),
            failed=self._failed,
            secrets=[old, new],
        )

    def leave(self) -> None:
        """Overwrite what was typed; the new PIN when it was set, or is given up."""
        self._old.wipe()
        if self._new is not None and not self._trying:
            self._new.wipe()

    def _done(self) -> None:
        self._give_up_new()
        self.story.show_step(
            Ended(
                self.story,
                lambda: _("The user PIN was changed"),
                lambda: [
                    _("Use the new PIN from now on. Keys and certificates are as they were."),
                ],
            )
        )

    def _failed(self, error: Exception) -> None:
        self._trying = False
        if self._old.tell(error):
            self.story.show_step(self)
            return
        self._give_up_new()
        if not self._old.can_be_tried:
            self.story.show_step(LockedPin(self.story, self._token, error))
        elif isinstance(error, PinRefused | PinRefusedByToken) and self._new is not None:
            self.story.show_step(self)
            self._new.tell(lambda: told(error).message)
        else:
            self.story.show_step(Failed(self.story, error, self))

    def _give_up_new(self) -> None:
        self._trying = False
        if self._new is not None:
            self._new.wipe()
