"""A token's PIN is asked for: how many tries there are, and a question before the last one."""

from __future__ import annotations

from dataclasses import replace

from lockwright.errors import LastTry, LockwrightError, PinIncorrect, PinLocked, PinNotEntered
from lockwright.errors.pins import PUK, SO_PIN, USER_PIN
from lockwright.i18n import _
from lockwright.models import PinState, PinStatus, Token
from lockwright.secret import Secret
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from lockwright_window.fields.pin_entry import PinEntry
from lockwright_window.pieces.labels import text
from lockwright_window.speaking import Says
from lockwright_window.words import tries
from lockwright_window.words.advice import told


class AskPin(Says):
    """A PIN that a token has, to be typed here, on its own pad, or not at all.

    Args:
        parent: the widget it belongs to.
        token: the token.
        role: which PIN: ``USER_PIN``, ``SO_PIN`` or ``PUK`` of ``lockwright.errors.pins``.
        needed: whether it is asked for although the token lets anybody in without it.
        pastes: see ``PinField``.
    """

    changed = Signal()
    """``ready`` may be another now."""

    def __init__(
        self,
        parent: QWidget | None,
        token: Token,
        role: str = USER_PIN,
        *,
        needed: bool = False,
        pastes: bool | None = None,
    ) -> None:
        super().__init__(parent)
        self.role = role
        self._needed = needed
        self._error: LockwrightError | None = None
        self._warning = text(self)
        self._entry = PinEntry(self, lambda: tries.named(role), pastes=pastes)
        self._sure = QCheckBox(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for each in (self._warning, self._entry, self._sure):
            layout.addWidget(each)
        self._entry.changed.connect(self.changed)
        self._sure.toggled.connect(lambda _checked: self.changed.emit())
        self.show_token(token)

    def show_token(self, token: Token) -> None:
        """Ask for another token's, or for the same one's as it is now.

        Args:
            token: the token.
        """
        identity, state = token.identity, token.state
        self._on_pad = identity.pin_pad and self.role != PUK
        self._nobody_asks = (
            self.role == USER_PIN and not identity.login_required and not self._needed
        )
        known = {USER_PIN: state.user_pin, SO_PIN: state.so_pin, PUK: state.puk}
        self._show_status(known[self.role])

    @property
    def status(self) -> PinStatus | None:
        """How the PIN stands, as far as it is known."""
        return self._status

    @property
    def can_be_tried(self) -> bool:
        """Whether there is any use in typing it: it is neither locked nor missing."""
        state = None if self._status is None else self._status.state
        return self._nobody_asks or state not in (PinState.LOCKED, PinState.NOT_SET)

    @property
    def typed_here(self) -> bool:
        """Whether it is typed here, and not on the token's pad or nowhere."""
        return not (self._on_pad or self._nobody_asks)

    @property
    def spends_last_try(self) -> bool:
        """Whether its owner agreed to spend the last try, for ``runner.last_try(agreed=...)``."""
        return self._is_last and self._sure.isChecked()

    def ready(self) -> bool:
        """Whether it can be gone on with: a PIN was typed, and the last try is agreed to."""
        if not self.can_be_tried:
            return False
        sure = self._sure.isChecked() or not self._is_last
        return sure and (self._entry.filled or not self.typed_here)

    def take(self) -> Secret:
        """The PIN, for whoever takes it to wipe; empty where it is not typed here."""
        return self._entry.take() if self.typed_here else Secret(b"")

    def tell(self, error: Exception) -> bool:
        """Say that a PIN was wrong, and what is left.

        Args:
            error: what came of it.

        Returns:
            Whether it is about this PIN, and there is use in typing it again.
        """
        match error:
            case PinIncorrect() if error.facts["role"] == self.role:
                left, state = error.facts["tries_left"], error.facts["state"]
                number = left if isinstance(left, int) else None
                is_last = number == 1 or state == PinState.FINAL_TRY
                is_locked = number == 0 or state == PinState.LOCKED
                now = PinState.LOCKED if is_locked else PinState.COUNT_LOW
                self._show_status(PinStatus(PinState.FINAL_TRY if is_last else now, number))
            case LastTry() if error.facts["role"] == self.role:
                self._show_status(_with(self._status, PinState.FINAL_TRY))
            case PinLocked() if error.facts["role"] == self.role:
                self._show_status(_with(self._status, PinState.LOCKED))
            case PinNotEntered():
                pass
            case _:
                return False
        self._error = error if self.can_be_tried else None
        self.say()
        return self.can_be_tried

    def while_working(self, words: str) -> str:
        """What is said while something is done with the PIN: also where it is to be entered.

        Args:
            words: what is done.
        """
        told_where = _("Enter the PIN on the token's own PIN pad each time it asks for it.")
        return f"{words}\n\n{told_where}" if self._on_pad and not self._nobody_asks else words

    def wipe(self) -> None:
        """Overwrite what was typed, and forget what was agreed to and what was wrong."""
        self._error = None
        self._sure.setChecked(False)
        self._entry.wipe()
        self.say()

    def first(self) -> QWidget | None:
        """What has the focus; None where nothing is to be typed."""
        return self._entry.field if self.typed_here and self.can_be_tried else None

    def say(self) -> None:
        """Its words."""
        is_told = self._error is not None and not self._is_last  # the error says what is left
        quiet = is_told or self._nobody_asks
        told_of_tries = "" if quiet else tries.warning(self._status, self.role)
        parts = (self._what_was_wrong(), told_of_tries, self._where())
        self._warning.setText("\n\n".join(filter(None, parts)))
        self._warning.setVisible(bool(self._warning.text()))
        self._sure.setText(_("I am sure of it: use the last try"))
        self._sure.setVisible(self._is_last)
        self._entry.setVisible(self.typed_here and self.can_be_tried)

    @property
    def _is_last(self) -> bool:
        last = self._status is not None and self._status.state is PinState.FINAL_TRY
        return last and not self._nobody_asks

    def _show_status(self, status: PinStatus | None) -> None:
        self._status = status
        self._sure.setChecked(False)
        self.say()
        self.changed.emit()

    def _what_was_wrong(self) -> str:
        return "" if self._error is None else told(self._error).message

    def _where(self) -> str:
        """Where it is typed, if not here."""
        if not self.can_be_tried:
            return ""
        if self._nobody_asks:
            return _("This token asks for no PIN.")
        if self._on_pad:
            return _("Press the button, then enter the PIN on the token's own PIN pad.")
        return ""


def _with(status: PinStatus | None, state: PinState) -> PinStatus:
    return PinStatus(state) if status is None else replace(status, state=state, tries_left=None)
