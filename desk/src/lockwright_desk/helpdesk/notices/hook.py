"""What a notice is sent by."""

from __future__ import annotations

from typing import Protocol

from lockwright_desk.helpdesk.notices.spool import Taken
from lockwright_desk.helpdesk.notices.texts import Text

SECONDS = 20.0
"""How long a server may be silent."""


class NotSent(Exception):
    """A notice could not be sent.

    Args:
        reason: why, in the language in use.
        for_good: whether another try would end in the same way.
    """

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good


class Hook(Protocol):
    """A channel."""

    def send(self, notice: Taken, text: Text) -> None:
        """Tell a client.

        Args:
            notice: the notice; its number is the same each time that it is sent.
            text: the message in the client's language.

        Raises:
            NotSent: nobody has taken it.
        """
