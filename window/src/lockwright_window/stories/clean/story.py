"""Clean a token: how much of it goes, the PIN, what goes, and what came of it."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lockwright.errors.pins import SO_PIN
from lockwright.i18n import _
from lockwright.models import Listing, Plan, Report, Token
from lockwright.records import dataclass
from lockwright.runner import Runner
from lockwright.secret import Secret
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from lockwright_window.stories.acts import Mode, act
from lockwright_window.stories.clean.agree import Proposed, proposed
from lockwright_window.stories.clean.choose import Choose
from lockwright_window.stories.clean.deleting import Deleting
from lockwright_window.stories.clean.deletion import Deletion
from lockwright_window.stories.clean.purpose import ChoosePurpose, Purpose
from lockwright_window.stories.pin_step import PinStep
from lockwright_window.story.failed import Failed
from lockwright_window.story.step import Step
from lockwright_window.words.content import Node, tree

if TYPE_CHECKING:
    from lockwright_window.life.program import Program


@dataclass(frozen=True, slots=True)
class Opened:
    """What was read with the PIN, and a copy of that."""

    pin: Secret
    plan: Proposed | None = None
    nodes: tuple[Node, ...] = ()


class CleanStory(Deletion):
    """A token is cleaned.

    Args:
        program: the program.
        parent: the window it belongs to.
        token: the token.
    """

    def __init__(self, program: Program, parent: QWidget, token: Token) -> None:
        super().__init__(program, parent, token, lambda: _("Clean the token"))
        offered = [Purpose.SOME, Purpose.EXPIRED, Purpose.ALL, Purpose.OWNER]
        if program.mode is Mode.ADMINISTRATOR:
            offered.append(Purpose.ERASE)
        self._purposes = ChoosePurpose(self, token, offered, self._likely, self._on_purpose)
        self.show_step(self._purposes)

    def first_page(self) -> Step | None:
        """Where one begins again."""
        return self._purposes

    @property
    def _likely(self) -> Purpose:
        """What is chosen at first: what has expired, if anything has."""
        now = datetime.now(UTC)
        seen = self.program.known.certificates(self.token.identity)
        return Purpose.EXPIRED if any(each.expired(now) for each in seen) else Purpose.SOME

    def _on_purpose(self, purpose: Purpose) -> None:
        match purpose:
            case Purpose.OWNER:
                self._set_new_pin()
            case Purpose.ERASE:
                self._plan_erasing()
            case _:
                self._ask_pin(purpose, self._purposes)

    # --- with the user PIN ----------------------------------------------------------------------

    def _ask_pin(self, purpose: Purpose, before: Step | None) -> None:
        step = PinStep(
            self,
            self.token,
            lambda step: self._read(step, purpose),
            why=lambda: _why(purpose),
            before=before,
        )
        self.show_step(step)

    def _read(self, step: PinStep, purpose: Purpose) -> None:
        token, soon = self.token, self.program.known.soon

        def work(runner: Runner, pin: Secret) -> Opened:
            if purpose is Purpose.SOME:
                listing: Listing = runner.list(token, pin)
                return Opened(copy.copy(pin), nodes=tree(listing, soon))
            if purpose is Purpose.EXPIRED:
                plan = runner.plan_delete(token, pin, (), expired=True)
            else:
                plan = runner.plan_wipe(token, pin)
            return Opened(copy.copy(pin), proposed(plan))

        step.work(_reading, work, self._on_read, failed=self.fails, unwanted=_wipe)

    def _on_read(self, found: Opened) -> None:
        self.keep(found.pin)
        if found.plan is not None:
            self.agree(found.plan)
        else:
            self.show_step(Choose(self, found.nodes, self._plan, self._purposes))

    def _plan(self, nodes: list[Node]) -> None:
        pin, token, selectors = self.pin, self.token, [node.selector for node in nodes]
        if pin is None:
            raise RuntimeError("nothing is chosen before the PIN was right")

        def work(runner: Runner) -> Proposed:
            return proposed(runner.plan_delete(token, pin, selectors))

        self.work(_reading, work, self.agree, failed=self.fails)

    # --- by its administrator -------------------------------------------------------------------

    def _plan_erasing(self) -> None:
        token = self.token
        self.work(
            _reading,
            lambda runner: proposed(runner.plan_wipe(token, None)),
            lambda found: self.agree(found, erases=True),
            failed=self.fails,
        )

    def carry_out(self, plan: Plan, *, erases: bool) -> None:
        """Do what was agreed to; erasing asks for the SO PIN now."""
        if not erases:
            super().carry_out(plan, erases=False)
            return
        step = PinStep(
            self,
            self.token,
            lambda step: self._erase(step, plan),
            why=lambda: _("To erase it, the token needs its administrator's PIN."),
            next_words=lambda: _("&Delete"),
            role=SO_PIN,
        )
        self.show_step(step)

    def _erase(self, step: PinStep, plan: Plan) -> None:
        token, page = self.token, Deleting(self, stops=False)

        def work(runner: Runner, so_pin: Secret) -> Report:
            with page.watching(runner):
                return runner.erase(token, so_pin, plan)

        step.work(page, work, self.deleted, failed=self.fails)

    # --- for another owner ----------------------------------------------------------------------

    def _set_new_pin(self) -> None:
        new_pin = act("new-pin")
        if new_pin is None:
            raise RuntimeError("there is no act that sets a new PIN")
        story = new_pin.begin(self.program, self, self.token)
        story.finished.connect(lambda: self._on_new_pin(ended_well=story.ended_well))

    def _on_new_pin(self, *, ended_well: bool) -> None:
        """It was set, so the token is read again; or it was not, and nothing is deleted."""
        QTimer.singleShot(0, self, self.activateWindow)  # else nobody has the keyboard (openbox)
        if not ended_well:
            return
        token = self.token
        self.work(
            _reading,
            lambda runner: replace(token, state=runner.state(token)),
            self._clean_for_new_owner,
            failed=lambda error: self.show_step(Failed(self, error, self._purposes)),
        )

    def _clean_for_new_owner(self, token: Token) -> None:
        self.token = token
        self._ask_pin(Purpose.OWNER, None)


def _why(purpose: Purpose) -> str:
    if purpose is Purpose.OWNER:
        return _("To see everything on it, the token needs the new PIN.")
    return _("To see everything on it, the token needs your PIN.")


def _reading() -> str:
    return _("Reading the token…")


def _wipe(found: Opened) -> None:
    found.pin.wipe()
