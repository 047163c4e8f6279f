"""A Request goes to the bank's help desk over the line, beside what is read out by telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.errors import DeskAddressUnfit
from lockwright.i18n import N_

if TYPE_CHECKING:
    from lockwright.config import Config
    from lockwright.line.waiting import Waiting
    from lockwright.operations.remote import RemoteUnblock


class Line:
    """The line to the bank's help desk.

    Use it while a Request is pending. ::

        with runner.begin_unblock(token, new_pin) as pending:
            with runner.line.open(pending) as waiting:
                print(waiting.spoken, pending.request.check.words("en"))
                answer = waiting.answer()
                print(answer.by, pending.complete(answer.response))

    Args:
        config: the configuration, ``[desk]`` of it.
    """

    def __init__(self, config: Config) -> None:
        self._settings = config.desk

    @property
    def is_set(self) -> bool:
        """Whether IT has set a help desk; whether it is reached is another matter."""
        return self._settings is not None

    def open(self, pending: RemoteUnblock) -> Waiting:
        """Send a Request to the help desk, and have its Response waited for.

        The bank verifies whoever calls as before: it answers nothing of its own accord. What comes
        back is for ``RemoteUnblock.complete``; the Request can be answered by dictation as well.

        Args:
            pending: the Request.

        Returns:
            What waits; to be closed.

        Raises:
            DeskAddressUnfit: no help desk is set, or its address cannot be used.
            DeskAway, DeskUntrusted, DeskRefused: the Request did not go there, and is still good.
            CertificateUnreadable: a file with its CA cannot be read.
        """
        if self._settings is None:
            raise DeskAddressUnfit(reason=N_("none is set"))
        from lockwright.line.talking import Talk  # noqa: PLC0415  # dictation needs no network
        from lockwright.line.waiting import Asked, Waiting  # noqa: PLC0415  # the same

        identity, request = pending.token.identity, pending.request
        asked = Asked(
            adapter=pending.token.adapter or "",
            model=identity.model,
            serial=request.serial,
            request=request.data,
        )
        return Waiting(Talk(self._settings), asked, lambda: pending.seconds_left)
