"""What every story shares that deletes: a plan that is agreed to, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lockwright.errors import DeletionStopped, PartlyDeleted
from lockwright.models import Plan, Report, Token
from lockwright.runner import Runner
from lockwright.secret import Secret
from PySide6.QtWidgets import QWidget

from lockwright_window.stories.clean.agree import Agree, Proposed
from lockwright_window.stories.clean.deleting import Deleting
from lockwright_window.stories.clean.result import Result
from lockwright_window.story.failed import Failed
from lockwright_window.story.frame import Story
from lockwright_window.story.step import Step
from lockwright_window.words.deleting import named

if TYPE_CHECKING:
    from lockwright_window.life.program import Program

Work = Callable[[Runner], Report]


class Deletion(Story):
    """A story that ends with a deletion.

    The PIN is kept while the plan is read and agreed to, and wiped when the window is left.

    Args:
        program: the program.
        parent: the window it belongs to.
        token: the token.
        name: what the story is called, in the language in use.
    """

    def __init__(
        self, program: Program, parent: QWidget, token: Token, name: Callable[[], str]
    ) -> None:
        super().__init__(program, parent, name)
        self.token = token
        self.pin: Secret | None = None
        """The PIN, once it was right."""

    def first_page(self) -> Step | None:
        """The page to begin again with after the content has changed."""
        return None

    def keep(self, pin: Secret) -> None:
        """Keep a PIN until the window is left.

        Args:
            pin: a copy of its own.
        """
        self._forget()
        self.pin = pin

    def agree(self, found: Proposed, *, erases: bool = False) -> None:
        """Show a plan, and carry it out if the person agrees."""
        self.show_step(Agree(self, self.token, found, self.carry_out, erases=erases))

    def carry_out(self, plan: Plan, *, erases: bool) -> None:
        """Do what was agreed to, and say what came of it."""
        pin, token = self.pin, self.token
        if pin is None:
            raise RuntimeError("a plan is carried out with the PIN that it was made with")

        page = Deleting(self, stops=not erases)

        def work(runner: Runner) -> Report:
            with page.watching(runner):
                return (runner.erase if erases else runner.apply)(token, pin, plan)

        self.work(page, work, self.deleted, failed=self.fails)

    def deleted(self, report: Report) -> None:
        """It is done, and the PIN of no use any more."""
        self._forget()
        self.show_step(Result(self, named(report.gone), named(report.left)))

    def fails(self, error: Exception) -> None:
        """It was not done, or not wholly; whoever begins again types the PIN again."""
        self._forget()
        if isinstance(error, PartlyDeleted | DeletionStopped):
            gone, left = (_names(error.facts[name]) for name in ("gone", "left"))
            self.show_step(Result(self, gone, left, error))
        else:
            self.show_step(Failed(self, error, self.first_page()))

    def leave(self) -> None:
        """Close, and wipe the PIN."""
        super().leave()
        self._forget()

    def _forget(self) -> None:
        if self.pin is not None:
            self.pin.wipe()
            self.pin = None


def _names(fact: object) -> tuple[str, ...]:
    return tuple(map(str, fact)) if isinstance(fact, tuple | list) else (str(fact),)
