"""The last page of a deletion: what is gone, what is left, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockwright.console.clean import clean
from lockwright.errors import DeletionStopped
from lockwright.i18n import _, ngettext
from PySide6.QtWidgets import QVBoxLayout

from lockwright_window.pieces.labels import text
from lockwright_window.pieces.read_only import ReadOnly
from lockwright_window.story.step import Step
from lockwright_window.words.advice import told
from lockwright_window.words.deleting import listed

if TYPE_CHECKING:
    from lockwright_window.story.frame import Story


class Result(Step):
    """What came of a deletion.

    Args:
        story: which it belongs to.
        gone: what is gone, by name.
        left: what was to go and is still there, by name.
        error: why; None where all of it is gone.
    """

    def __init__(
        self,
        story: Story,
        gone: Sequence[str],
        left: Sequence[str],
        error: Exception | None = None,
    ) -> None:
        super().__init__(story)
        self._gone, self._left, self._error = gone, left, error
        self._said, self._next = text(self), text(self)
        self._list = ReadOnly(self)
        layout = QVBoxLayout(self)
        layout.addWidget(self._said)
        layout.addWidget(self._list, stretch=1)
        layout.addWidget(self._next)

    def title(self) -> str:
        """What was done."""
        if self._error is None:
            return _("It is deleted")
        if isinstance(self._error, DeletionStopped):
            return _("Stopped, as you wished")
        return _("Not everything could be deleted")

    def next_words(self) -> str:
        """It is over."""
        return _("Done")

    def close_words(self) -> str:
        """One button is enough."""
        return ""

    def go(self) -> None:
        """Close the window."""
        self.story.leave()

    def say(self) -> None:
        """What is gone and what is left."""
        number = len(self._gone)
        self._said.setText(
            ngettext("{number} object is gone.", "{number} objects are gone.", number).format(
                number=number
            )
            if number
            else _("Nothing is gone.")
        )
        parts = [listed(self._gone)] if self._gone else []
        if self._left:
            parts += [_("Still on the token:"), listed(self._left)]
        self._list.setPlainText("\n".join(parts))
        self._list.setAccessibleName(_("What is gone, and what is left"))
        self._next.setText(self._advice())

    def _advice(self) -> str:
        if self._error is not None:
            return clean(told(self._error).advice)
        return _("The PIN stays as it is. There is room now for a new certificate.")
