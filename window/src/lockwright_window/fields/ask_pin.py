"""A token's PIN is asked for: how many tries there are, and a question before the last one."""

from __future__ import annotations

from dataclasses import replace

from lockwright.errors import LastTry, LockwrightError, PinIncorrect, PinLocked
from lockwright.errors.pins import PUK, SO_PIN, USER_PIN
from lockwright.i18n import _, ngettext
from lockwright.models import PinState, PinStatus, Token
from lockwright.secret import Secret
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from lockwright_window.fields.pin_entry import PinEntry
from lockwright_window.pieces.labels import text
from lockwright_window.speaking import Says
from lockwright_window.words.advice import told


class AskPin(Says):
    """A PIN that a token has, to be typed here, on its own pad, or not at all.

    Args:
        parent: the widget it belongs to.
        token: the token.
        role: which PIN: ``USER_PIN``, ``SO_PIN`` or ``PUK`` of ``lockwright.errors.pins``.
        pastes: see ``PinField``.
    """

    changed = Signal()
    """``ready`` may be another now."""
    locked: bool

    def __init__(
        self, parent: QWidget | None, token: Token, role: str = USER_PIN, *, pastes: bool = False
    ) -> None:
        super().__init__(parent)

    def ready(self) -> bool:
        """Whether it can be gone on with: a PIN was typed, and the last try is agreed to."""

    def take(self) -> Secret:
        """The PIN, for whoever takes it to wipe; empty where it is not typed here."""

    @property
    def spends_last_try(self) -> bool:
        """Whether its owner agreed to spend the last try: ``with runner.last_try()``."""

    def tell(self, error: LockwrightError) -> bool:
        """Say that a PIN was wrong, and what is left.

        Returns:
            Whether the error is about this PIN, and it can be typed again.
        """

    def wipe(self) -> None:
        """Overwrite what was typed, and forget what was agreed to."""

    def first(self) -> QWidget | None:
        """What has the focus."""
