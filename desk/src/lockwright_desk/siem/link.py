"""How records get to the collector, and when they are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from lockwright_desk.configuration import siem as configuration
from lockwright_desk.configuration.siem import SiemSettings
from lockwright_desk.siem.relp import RelpLink
from lockwright_desk.siem.syslog_tls import SyslogLink


class Link(Protocol):
    """A way to the collector; what breaks it is told by ``Broken``, and then it is done with."""

    def put(self, number: int, messages: Sequence[bytes]) -> None:
        """Write the messages of a record.

        Args:
            number: the record's, one higher each time.
            messages: without framing.
        """

    def confirmed(self, seconds: float, *, hurry: bool = False) -> int:
        """Up to which record everything is at the collector; 0 for none.

        Args:
            seconds: how long to wait for news of it.
            hurry: nothing more is coming, so do not wait for company.
        """

    def close(self) -> None:
        """End it in order."""

    def abandon(self) -> None:
        """Let go of it, whatever its state."""


def link(settings: SiemSettings) -> Link:
    """A link that is open.

    Raises:
        Broken: there is no connection.
    """
    kinds: dict[configuration.Protocol, Callable[[SiemSettings], Link]] = {
        configuration.Protocol.SYSLOG: SyslogLink,
        configuration.Protocol.RELP: RelpLink,
    }
    return kinds[settings.protocol](settings)
