"""Delete what was chosen in the detailed view: a yes, the PIN, and it is gone."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockwright.i18n import _
from lockwright.models import Report, Token
from lockwright.records import dataclass
from lockwright.runner import Runner
from lockwright.secret import Secret
from PySide6.QtWidgets import QWidget

from lockwright_window.stories.clean.agree import Proposed, proposed
from lockwright_window.stories.clean.confirm import Confirm
from lockwright_window.stories.clean.deleting import Deleting
from lockwright_window.stories.clean.deletion import Deletion
from lockwright_window.stories.pin_step import PinStep
from lockwright_window.story.step import Step
from lockwright_window.words.content import Node
from lockwright_window.words.deleting import item_words, unexpected

if TYPE_CHECKING:
    from lockwright_window.life.program import Program


@dataclass(frozen=True, slots=True)
class More:
    """The plan removes more than was agreed to: it is shown first."""

    plan: Proposed
    pin: Secret


class ChosenStory(Deletion):
    """Some rows are deleted.

    Args:
        program: the program.
        parent: the window it belongs to.
        token: the token.
        nodes: the rows.
    """

    def __init__(
        self, program: Program, parent: QWidget, token: Token, nodes: Sequence[Node]
    ) -> None:
        def name() -> str:
            return item_words(nodes)

        super().__init__(program, parent, token, name)
        self._confirm = Confirm(self, nodes, self._ask_pin, name)
        self.show_step(self._confirm)

    def first_page(self) -> Step | None:
        """What was chosen may be another now: it is to be chosen again in the window behind."""
        return None

    def _ask_pin(self) -> None:
        step = PinStep(
            self,
            self.token,
            self._delete,
            why=lambda: _("To delete it, the token needs your PIN."),
            next_words=lambda: _("OK"),
            before=self._confirm,
        )
        self.show_step(step)

    def _delete(self, step: PinStep) -> None:
        nodes, selectors, token = self._confirm.nodes, self._confirm.selectors, self.token
        page = Deleting(self)

        def work(runner: Runner, pin: Secret) -> Report | More:
            plan = runner.plan_delete(token, pin, selectors)
            if unexpected(nodes, plan):
                return More(proposed(plan), copy.copy(pin))
            with page.watching(runner):
                return runner.apply(token, pin, plan)

        step.work(page, work, self._on_deleted, failed=self.fails, unwanted=_wipe)

    def _on_deleted(self, found: Report | More) -> None:
        if isinstance(found, More):
            self.keep(found.pin)
            self.agree(found.plan)
        else:
            self.deleted(found)


def _wipe(found: Report | More) -> None:
    if isinstance(found, More):
        found.pin.wipe()
