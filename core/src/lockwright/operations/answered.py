"""What stands around an answer on the bank's side: each Request is answered once."""

from __future__ import annotations

from collections.abc import Generator

from lockwright.adapter import hookimpl
from lockwright.ledger import Ledger
from lockwright.models import Grounds
from lockwright.secret import Secret


class AnsweredOnce:
    """Wraps the answer: a Request that was answered is refused, and one that is, is noted first.

    Args:
        ledger: the Requests that were answered.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @hookimpl(wrapper=True)
    def lockwright_respond(
        self, serial: str, challenge: bytes, grounds: Grounds
    ) -> Generator[None, object, object]:
        """The Response goes on only when the disk knows of it."""
        self._ledger.check(challenge, serial, grounds.operator)
        response = yield
        try:
            self._ledger.enter(challenge, serial, grounds.operator)
        except BaseException:
            if isinstance(response, Secret):
                response.wipe()
            raise
        return response
