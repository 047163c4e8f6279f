"""The plugin: it stands around every hook that destroys or unblocks, and wants a ticket for it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast

from lockwright.audit import AuditTrail
from lockwright.audit.actor import actor
from lockwright.contract import hooks
from lockwright.contract.declaration import Arguments, Declared, RequestEffect
from lockwright.contract.derived import Wrapping, surrounding
from lockwright.i18n import _
from lockwright.models import Grounds, Token

from lockwright_ticket.errors import TicketMalformed, TicketMissing
from lockwright_ticket.lookup import look_up
from lockwright_ticket.settings import Settings, read

VARIABLE = "LOCKWRIGHT_TICKET"
"""Where the number of the ticket stands; a number is no secret."""


class TicketCheck:
    """Wraps every hook that destroys or unblocks, by what the contract declares.

    What ends a Request is left alone: the Request itself had its ticket, and a token with an open
    one is not to wait for a web service.

    Args:
        file: the settings, which are read for each of them.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        for hook, declared in hooks.HOOKS.items():
            ends = declared.request is RequestEffect.ENDS
            if (declared.destroys or declared.unblocks) and not ends:
                setattr(self, hook, surrounding(declared, self._around))

    def _around(self, declared: Declared, arguments: Arguments) -> Wrapping:
        settings = read(self._file)
        serial = _serial(arguments)
        ticket = _named(arguments)
        if not ticket:
            raise TicketMissing(operation=_(declared.doing), serial=serial)
        if not settings.form.fullmatch(ticket):
            raise TicketMalformed(ticket=ascii(ticket), form=settings.form.pattern)
        if settings.service is not None:
            about = {"serial": serial, "operation": declared.short, "ticket": ticket}
            look_up(settings.service, ticket, about)
        _record(settings, {"ticket": ticket, "hook": declared.name, "serial": serial})
        return (yield)


def _named(arguments: Arguments) -> str:
    grounds = cast("Grounds | None", arguments.get("grounds"))
    return (grounds.ticket if grounds else "") or os.environ.get(VARIABLE, "").strip()


def _serial(arguments: Arguments) -> str:
    token = cast("Token | None", arguments.get("token"))
    return token.serial if token else str(arguments["serial"])


def _record(settings: Settings, used: dict[str, str]) -> None:
    """Keep which ticket was used for what, before that is done.

    Raises:
        AuditError: it cannot be kept.
    """
    if settings.record is not None:
        AuditTrail(settings.record).append({"v": 1, "who": actor(), **used})
