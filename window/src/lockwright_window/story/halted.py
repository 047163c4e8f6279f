"""A page at which a story halts: from here it is tried again, or closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.i18n import _

from lockwright_window.story.step import Step

if TYPE_CHECKING:
    from lockwright_window.story.frame import Story


class Halted(Step):
    """What was to be done is not done, and nothing is left to be cancelled.

    Args:
        story: which it belongs to.
        again: the page from which it is tried again; None where that is no use.
    """

    def __init__(self, story: Story, again: Step | None) -> None:
        super().__init__(story)
        self._again = again

    def again_words(self) -> str:
        """What the button says that tries again."""
        return _("Try again")

    def next_words(self) -> str:
        """Try again, where that is of use."""
        return "" if self._again is None else self.again_words()

    def close_words(self) -> str:
        """Nothing is left to be cancelled."""
        return _("Close")

    def go(self) -> None:
        """Try again."""
        if self._again is not None:
            self.story.show_step(self._again)
