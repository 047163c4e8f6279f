"""The page that is shown while a certificate is got: each step by its name, and a way to stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lockwright.cli.enrolment_steps import step_text
from lockwright.enrol.entry import Step as Taken
from lockwright.i18n import _
from lockwright.models import StepNotice, StepState, StorageKind
from lockwright.operations.enrolment.context import Beside
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QProgressBar, QVBoxLayout, QWidget

from lockwright_window.pieces.labels import text
from lockwright_window.story.step import Busy
from lockwright_window.words import enrolment as words

if TYPE_CHECKING:
    from lockwright_window.story.frame import Story

_SIGNS = {
    StepState.BEGUN: "▸",
    StepState.GOES_ON: "▸",
    StepState.DONE: "✓",
    StepState.FAILED: "✗",
    StepState.LEFT: "…",
}


_ASKS = frozenset({Beside.ASKING, Beside.KNOWING, Beside.LEARNING, Taken.SENDING, Taken.WAITING})
"""Steps in which the bank is asked, and which end when it has answered."""


class Taking(Busy):
    """A certificate is being got.

    Args:
        story: which it belongs to.
        kind: where it goes.
        title: what is done, in the language in use.
    """

    _heard = Signal(object)

    def __init__(self, story: Story, kind: StorageKind, title: Callable[[], str]) -> None:
        super().__init__(story)
        self._kind, self._title = kind, title
        self._stopped = False
        self._notices: list[StepNotice] = []
        self._steps = QListWidget(self)
        self._steps.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._steps.setWordWrap(True)
        self._steps.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._meanwhile = text(self)
        self._bar = QProgressBar(self)
        self._bar.setRange(0, 0)
        layout = QVBoxLayout(self)
        layout.addWidget(self._steps, stretch=1)
        layout.addWidget(self._meanwhile)
        layout.addWidget(self._bar)
        self._heard.connect(self._show)

    def tell(self, notice: StepNotice) -> None:
        """News of a step; called in the thread in which it is taken."""
        self._heard.emit(notice)

    def title(self) -> str:
        """What is done."""
        return self._title()

    def next_words(self) -> str:
        """The way to stop it."""
        return _("Stop")

    def close_words(self) -> str:
        """Whoever stopped it need not wait until the bank has answered."""
        return _("Close") if self._stopped else ""

    def first(self) -> QWidget:
        """The steps."""
        return self._steps

    def ready(self) -> bool:
        """It is stopped once."""
        return not self._stopped

    def loss(self) -> str:
        """What closing means now."""
        if self._stopped:
            return ""
        return _(
            "The certificate is not finished. If you close now, it stops safely; the window offers"
            " to go on when it is opened again."
        )

    def go(self) -> None:
        """Stop it; what was begun is in the journal."""
        self._stopped = True
        self.say()
        self.changed.emit()
        self.story.stop()

    def say(self) -> None:
        """The steps in the language in use."""
        self._steps.setAccessibleName(_("Steps"))
        self._bar.setAccessibleName(self._title())
        self._steps.clear()
        for notice in self._notices:
            told = step_text(notice.step, self._kind)
            item = QListWidgetItem(f"{_SIGNS[notice.state]}  {told}")
            state = {
                StepState.DONE: _("done"),
                StepState.FAILED: _("failed"),
                StepState.LEFT: _("left for later"),
            }.get(notice.state, _("in progress"))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{told}: {state}")
            self._steps.addItem(item)
        self._steps.scrollToBottom()
        last = self._notices[-1] if self._notices else None
        if self._stopped:
            stopping = [_("Stopping…")]
            if last is not None and last.step in _ASKS:
                stopping.append(
                    _(
                        "The bank is still being asked, which ends within a minute. You may close"
                        " this; what was begun is kept."
                    )
                )
            self._meanwhile.setText(" ".join(stopping))
        else:
            self._meanwhile.setText("" if last is None else words.waiting(last))

    @Slot(object)
    def _show(self, notice: StepNotice) -> None:
        if self._notices and self._notices[-1].step == notice.step:
            self._notices[-1] = notice
        else:
            self._notices.append(notice)
        self.say()
