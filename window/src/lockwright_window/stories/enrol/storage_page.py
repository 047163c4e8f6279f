"""The page on which a person chooses what kind of place the certificate goes to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lockwright.console.clean import clean
from lockwright.i18n import _
from lockwright.models import StorageKind, StorageState
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from lockwright_window.pieces.labels import text
from lockwright_window.pieces.option import Option
from lockwright_window.stories import reasons
from lockwright_window.story.step import Step
from lockwright_window.words import places

if TYPE_CHECKING:
    from lockwright_window.stories.enrol.story import CertificateStory


class StoragePage(Step):
    """Token, system or file; what is not there is greyed, and says why.

    Args:
        story: which it belongs to.
        states: each kind of place, as it was when the wizard looked.
        before: the page before.
        after: the page after.
    """

    def __init__(
        self,
        story: CertificateStory,
        states: Sequence[StorageState],
        before: Step,
        after: Callable[[], Step],
    ) -> None:
        super().__init__(story)
        self._order, self._states = story.order, states
        self._before, self._after = before, after
        self._known = story.program.known
        self._told = text(self)
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.addWidget(self._told)
        self._options = [(state, Option(self, layout)) for state in states]
        for _state, option in self._options:
            self._group.addButton(option)
        layout.addStretch()
        self._group.buttonToggled.connect(lambda _button, _on: self.changed.emit())
        self._known.changed.connect(self.say)

    def title(self) -> str:
        """As the bank's instruction has it."""
        return _("Kind of storage")

    def before(self) -> Step | None:
        """The page before."""
        return self._before

    def first(self) -> QWidget | None:
        """The choice that is made, or the first one that can be."""
        chosen = self._group.checkedButton()
        options = [option for _state, option in self._options]
        return next((each for each in (chosen, *options) if each and each.isEnabled()), None)

    def enter(self) -> None:
        """What was chosen stays; at first that is the first place that is there."""
        self.say()

    def ready(self) -> bool:
        """Whether something that is there is chosen."""
        chosen = self._group.checkedButton()
        return chosen is not None and chosen.isEnabled()

    def go(self) -> None:
        """Go on with it."""
        self._order.kind = next(state.kind for state, option in self._options if option.isChecked())
        self.story.show_step(self._after())

    def say(self) -> None:
        """Each kind of place, and why it cannot be used."""
        self._told.setText(_("Where are the new key and its certificate to be?"))
        for state, option in self._options:
            name = places.kind(state.kind, self._known.tokens)
            option.tell(name, self._about(state), why_not=clean(self._reason(state)))
        if self._group.checkedButton() is None:  # who pulls the token out has chosen no other place
            free = [option for _state, option in self._options if option.isEnabled()]
            if free:
                free[0].setChecked(True)
        self.changed.emit()

    def _reason(self, state: StorageState) -> str:
        """Why it cannot be used now; tokens come and go meanwhile."""
        if state.kind is not StorageKind.TOKEN:
            return state.reason
        tokens = self._known.tokens
        if any(not reasons.not_writable(each) for each in tokens):
            return ""
        seen = self._known.detection
        if seen is not None and not seen.tokens and not seen.problems:
            return _("No token is connected.")  # whatever was met while it was pulled out
        return state.reason or _("No token is connected.")

    def _about(self, state: StorageState) -> str:
        if state.kind is StorageKind.TOKEN:
            return _("The key is made on the token and never leaves it.")
        if state.kind is StorageKind.SYSTEM:
            return _("For browsers and mail programs: {place}").format(
                place=clean(places.short(state.place))
            )
        return _("A file with a password that you choose.")
