"""What a change of the register works with."""

from __future__ import annotations

from dataclasses import dataclass

from lockwright.errors import RuleNotPublic
from lockwright.models import SerialForm
from lockwright.spoken import read_serial

from lockwright_desk import clock
from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.helpdesk.adapters import Rules
from lockwright_desk.store.database import Database


@dataclass(frozen=True, slots=True)
class Register:
    """The register, to be changed."""

    database: Database
    audit: Recorder
    rules: Rules
    """See ``helpdesk.adapters.rules_of``."""
    now: clock.Clock = clock.now

    def serial(self, adapter: str, model: str, typed: str) -> str:
        """A serial number in the one form that the adapter's rule has.

        Where a model's rule is not public, every letter stays as it is typed.

        Raises:
            UnknownVendor: there is no such adapter.
            SerialMalformed: it is not a serial number of this model.
            AdapterBroken: the adapter failed.
        """
        try:
            form = self.rules(adapter, model).serial
        except RuleNotPublic:
            form = SerialForm()
        return read_serial(typed, form)
