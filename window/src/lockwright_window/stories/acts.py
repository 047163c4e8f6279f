"""What can be done with a token, in the order in which it is offered."""

from __future__ import annotations

from collections.abc import Callable
from enum import Flag, auto
from importlib import import_module
from typing import TYPE_CHECKING, Any

from lockwright.i18n import N_
from lockwright.models import Token
from lockwright.records import dataclass
from PySide6.QtWidgets import QWidget

from lockwright_window.stories import reasons

if TYPE_CHECKING:
    from lockwright_window.life.program import Program
    from lockwright_window.story.frame import Story

Reason = Callable[[Token], str]


class Mode(Flag):
    """Whose things are shown; the documents call the second one the administrator's mode."""

    USER = auto()
    ADMINISTRATOR = auto()


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done with a token."""

    name: str
    """Stable name; the module ``stories.NAME`` begins it, by its function ``begin``."""
    words: str
    """What its button says, a msgid."""
    mode: Mode
    """Where it is shown."""
    why_not: Reason
    """Why it cannot be done with a token, in the language in use; empty where it can."""

    def begin(self, program: Program, parent: QWidget, token: Token) -> Story:
        """Open its window.

        Args:
            program: the program.
            parent: the window it belongs to.
            token: the token.
        """
        story: Story = story_module(self.name.replace("-", "_")).begin(program, parent, token)
        story.open()
        return story


BOTH = Mode.USER | Mode.ADMINISTRATOR
ACTS = (
    Act("new-pin", N_("Set a new user PIN"), BOTH, reasons.no_new_pin),
    Act("change-pin", N_("Change the user PIN"), Mode.USER, reasons.no_change),
    Act("clean", N_("Clean the token"), BOTH, reasons.not_writable),
    Act("enrol", N_("Get a new certificate"), Mode.USER, reasons.none),
    Act("renew", N_("Renew a certificate"), Mode.USER, reasons.not_writable),
)
"""Every act. Deleting a certificate is reached from the certificate itself."""
STORIES = (*(each.name.replace("-", "_") for each in ACTS), "resume", "log_in")
"""The modules that begin a story."""


def story_module(name: str) -> Any:
    """The module that begins a story; nobody waits for its import before the first token is shown.

    It makes classes of Qt's: see ``ready``.

    Args:
        name: its name among ``stories``.
    """
    return import_module(f"lockwright_window.stories.{name}")


def act(name: str) -> Act | None:
    """An act by its name; None if there is none of it."""
    return next((each for each in ACTS if each.name == name), None)
