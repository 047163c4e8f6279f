"""A new PIN, twice, with the rules it keeps or breaks as it is typed."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.policy import PinPolicy
from lockwright.secret import Secret
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from lockwright_window.speaking import Says


class NewPin(Says):
    """A new PIN to be chosen.

    Args:
        parent: the widget it belongs to.
        policy: its rules, ``runner.policy(token)``.
        about: what stands on the token, ``(token.serial, token.identity.label)``.
        pastes: see ``PinField``.
    """

    changed = Signal()
    """``ready`` may be another now."""

    def __init__(
        self,
        parent: QWidget | None,
        policy: PinPolicy,
        about: Sequence[str] = (),
        *,
        pastes: bool = False,
    ) -> None:
        super().__init__(parent)

    def ready(self) -> bool:
        """Whether it keeps every rule and was typed twice."""

    def take(self) -> Secret:
        """The new PIN, for whoever takes it to wipe."""

    def wipe(self) -> None:
        """Overwrite both entries."""

    def first(self) -> QWidget | None:
        """What has the focus."""
