"""The first page of cleaning: how much of the token goes, and for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import TYPE_CHECKING

from lockwright.i18n import _
from lockwright.models import Token
from lockwright.operations.deletion import ERASE
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from lockwright_window.pieces.labels import text
from lockwright_window.pieces.option import Option
from lockwright_window.stories import reasons
from lockwright_window.story.step import Step

if TYPE_CHECKING:
    from lockwright_window.story.frame import Story


class Purpose(Enum):
    """How much goes."""

    SOME = "some"
    EXPIRED = "expired"
    ALL = "all"
    OWNER = "owner"
    """All of it, after a new PIN: somebody else gets the token."""
    ERASE = "erase"
    """All of it, by its administrator."""


class ChoosePurpose(Step):
    """How much of the token goes.

    Args:
        story: which it belongs to.
        token: the token.
        offered: what is offered.
        chosen: what is chosen at first.
        go_on: goes on with what was chosen.
    """

    def __init__(
        self,
        story: Story,
        token: Token,
        offered: Iterable[Purpose],
        chosen: Purpose,
        go_on: Callable[[Purpose], None],
    ) -> None:
        super().__init__(story)
        self._token, self._go_on = token, go_on
        self._asked = text(self)
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.addWidget(self._asked)
        self._options = {purpose: Option(self, layout) for purpose in offered}
        for option in self._options.values():
            self._group.addButton(option)
        layout.addStretch()
        if not self._why_not(chosen):
            self._options[chosen].setChecked(True)
        self._group.buttonToggled.connect(self.changed)

    @property
    def purpose(self) -> Purpose | None:
        """What is chosen."""
        return next((each for each, option in self._options.items() if option.isChecked()), None)

    def title(self) -> str:
        """What is to be done."""
        return _("Clean the token")

    def ready(self) -> bool:
        """Something is chosen."""
        return self.purpose is not None

    def first(self) -> QWidget | None:
        """What is chosen."""
        return self._group.checkedButton()

    def go(self) -> None:
        """Go on with it."""
        if self.purpose is not None:
            self._go_on(self.purpose)

    def say(self) -> None:
        """What there is to be chosen."""
        self._asked.setText(_("What is to be deleted?"))
        words = {
            Purpose.SOME: _("Some of it, which I choose"),
            Purpose.EXPIRED: _("Everything that has expired"),
            Purpose.ALL: _("Everything"),
            Purpose.OWNER: _("Everything: the token changes its owner"),
            Purpose.ERASE: _("Everything, by the administrator's PIN"),
        }
        notes = {
            Purpose.OWNER: _("First a new PIN is set, then the token is cleaned."),
            Purpose.ERASE: _("Without the user PIN. The PINs may be erased as well."),
        }
        for purpose, option in self._options.items():
            why_not = self._why_not(purpose)
            option.tell(words[purpose], notes.get(purpose, ""), why_not=why_not)

    def _why_not(self, purpose: Purpose) -> str:
        can = self._token.state.capabilities
        match purpose:
            case Purpose.ALL if not can.wipe:
                return _("This token cannot delete everything at once; choose what goes.")
            case Purpose.OWNER:
                no_wipe = "" if can.wipe else self._why_not(Purpose.ALL)
                return reasons.no_new_pin(self._token) or no_wipe
            case Purpose.ERASE if not can.erase:
                told = _("This token cannot {operation}.").format(operation=_(ERASE))
                reason = _(can.not_offered.get("erase", ""))
                return f"{told} ({reason})" if reason else told
            case _:
                return ""
