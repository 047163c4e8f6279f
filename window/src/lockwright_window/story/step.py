"""A step of a story: one page, with what can be pressed on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.i18n import _
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from lockwright_window.speaking import Says

if TYPE_CHECKING:
    from lockwright_window.story.frame import Story


class Step(Says):
    """One page of a story.

    Args:
        story: which it belongs to.
    """

    changed = Signal()
    """What can be pressed may be another now."""
    ends_well = False
    """Whether it says that what the story is for is done."""

    def __init__(self, story: Story) -> None:
        super().__init__(story)
        self.story = story

    def title(self) -> str:
        """What the page is about, in the language in use."""
        raise NotImplementedError

    def next_words(self) -> str:
        """What the button says that goes on; empty where there is none."""
        return _("&Next")

    def close_words(self) -> str:
        """What the button says that leaves the story."""
        return _("Cancel")

    def ready(self) -> bool:
        """Whether the button that goes on can be pressed."""
        return True

    def by_enter(self) -> bool:
        """Whether Enter goes on, from anywhere on the page."""
        return True

    def before(self) -> Step | None:
        """The page that Back shows; None where nobody goes back."""
        return None

    def first(self) -> QWidget | None:
        """What has the focus when the page is shown; None for the button that goes on."""
        return None

    def enter(self) -> None:
        """The page is shown now."""

    def go(self) -> None:
        """The button that goes on was pressed."""

    def loss(self) -> str:
        """What is lost if the story is left here, as a question; empty where nothing is."""
        return ""

    def closing(self) -> bool:
        """The window is to be closed; no where the page does something else first."""
        return True

    def leave(self) -> None:
        """The page is shown no more: wipe what is secret, give up what waits.

        Called once for every ``enter``, also when the window is closed from outside.
        """


class Busy(Step):
    """A page while something is done; its button stops that.

    Who presses Enter twice on the page before does not want it stopped.
    """

    def by_enter(self) -> bool:
        """Enter stops nothing."""
        return False

    def first(self) -> QWidget:
        """What is done, which a screen reader says; never the button."""
        raise NotImplementedError
