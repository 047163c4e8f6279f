"""What the help desk works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lockwright.models import ResponseRule

from lockwright_desk import clock
from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.configuration.helpdesk import HelpdeskSettings
from lockwright_desk.helpdesk.custody.port import Keeper
from lockwright_desk.store.database import Database

Rules = Callable[[str, str], ResponseRule]
"""What a Request of an adapter's model looks like; raises ``UnknownVendor``, ``RuleNotPublic``."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What ``HelpDesk`` is composed of."""

    database: Database
    audit: Recorder
    keeper: Keeper
    settings: HelpdeskSettings
    rules: Rules
    clock: clock.Clock = clock.now
