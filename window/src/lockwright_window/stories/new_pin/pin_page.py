"""The page «Установка PIN-кода пользователя»: by which way, and the new PIN twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockwright.errors import LockwrightError
from lockwright.i18n import _
from lockwright.policy import PinPolicy
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from lockwright_window.fields.ask_pin import AskPin
from lockwright_window.fields.new_pin import NewPin
from lockwright_window.pieces.labels import text
from lockwright_window.story.step import Step
from lockwright_window.words.ways import Way

if TYPE_CHECKING:
    from lockwright_window.stories.new_pin.story import NewPinStory


class PinPage(Step):
    """A way is chosen where there are several, on the same page, so that it costs no click more.

    Args:
        story: which it belongs to.
        ways: those that the token offers, the usual one first.
        policy: the rules for a new PIN.
    """

    def __init__(self, story: NewPinStory, ways: Sequence[Way], policy: PinPolicy) -> None:
        super().__init__(story)
        self._new_pin_story = story
        self._ways = ways
        self._busy = False
        token = story.token
        self._why = text(self)
        self._group = QButtonGroup(self)
        self._radios = [QRadioButton(self) for _way in ways]
        self._new = NewPin(self, policy, (token.serial, token.identity.label))
        self._new.changed.connect(self.changed)
        self._asks = {each.role: AskPin(self, token, each.role) for each in ways if each.role}
        layout = QVBoxLayout(self)
        layout.addWidget(self._why)
        for number, radio in enumerate(self._radios):
            self._group.addButton(radio, number)
            radio.setVisible(len(ways) > 1)
            layout.addWidget(radio)
        for ask in self._asks.values():
            ask.changed.connect(self.changed)
            layout.addWidget(ask)
        layout.addWidget(self._new)
        layout.addStretch()
        self._radios[0].setChecked(True)
        self._group.idToggled.connect(self._on_way)
        self._show_way()

    @property
    def way(self) -> Way:
        """The way that is chosen."""
        return self._ways[self._group.checkedId()]

    def title(self) -> str:
        """What the documents call it."""
        return _("Setting the user PIN")

    def next_words(self) -> str:
        """Begin."""
        return _("Carry out")

    def ready(self) -> bool:
        """Whether everything that this way needs was typed."""
        ask = self._ask
        return (self.way.keeps_pin or self._new.ready()) and (ask is None or ask.ready())

    def first(self) -> QWidget | None:
        """The first field."""
        ask = self._ask
        if ask is not None:
            return ask.first()
        return None if self.way.keeps_pin else self._new.first()

    def enter(self) -> None:
        """It is shown, for the first time or again."""
        self._busy = False

    def go(self) -> None:
        """Begin, with what was typed."""
        new = None if self.way.keeps_pin else self._new.take()
        self._busy = True
        ask = self._ask
        if ask is None:
            self.wipe()
            self._new_pin_story.ask_for_request(new)
        else:
            last = ask.spends_last_try
            self._new_pin_story.unblock_here(self.way, ask.take(), new, last=last)

    def tell(self, error: LockwrightError) -> bool:
        """Say that the secret was wrong.

        Returns:
            Whether the error is about it, and it can be typed again.
        """
        ask = self._ask
        if ask is None:
            return False
        ask.wipe()
        return ask.tell(error)

    def leave(self) -> None:
        """Wipe what was typed; a new PIN stays while a wrong secret beside it may be corrected."""
        if not self._busy:
            self.wipe()

    def wipe(self) -> None:
        """Overwrite everything that was typed."""
        self._new.wipe()
        for ask in self._asks.values():
            ask.wipe()

    def say(self) -> None:
        """Its words."""
        for radio, way in zip(self._radios, self._ways, strict=True):
            radio.setText(way.words())
        self._why.setText(self._reason())

    @property
    def _ask(self) -> AskPin | None:
        role = self.way.role
        return None if role is None else self._asks[role]

    def _on_way(self, _number: int, checked: bool) -> None:  # noqa: FBT001  # Qt's signature
        if checked:
            self._show_way()
            self.changed.emit()

    def _show_way(self) -> None:
        self._new.setVisible(not self.way.keeps_pin)
        for role, ask in self._asks.items():
            ask.setVisible(role == self.way.role)
        self.say()

    def _reason(self) -> str:
        if self.way.keeps_pin:
            return _("The PIN stays as it was, and is only unlocked. Keys and certificates stay.")
        return _("Choose a new PIN, and enter it twice. Keys and certificates stay as they are.")
