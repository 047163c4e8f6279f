"""What the help desk works with."""

from __future__ import annotations

from dataclasses import dataclass

from lockwright_desk import clock
from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.configuration.helpdesk import HelpdeskSettings
from lockwright_desk.helpdesk.adapters import Rules
from lockwright_desk.helpdesk.custody.port import Keeper
from lockwright_desk.store.database import Database


@dataclass(frozen=True, slots=True)
class Parts:
    """What ``HelpDesk`` is composed of."""

    database: Database
    audit: Recorder
    keeper: Keeper
    settings: HelpdeskSettings
    rules: Rules
    """See ``helpdesk.adapters.rules_of``."""
    clock: clock.Clock = clock.now
