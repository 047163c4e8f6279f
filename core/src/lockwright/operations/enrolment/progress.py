"""How far an enrolment has come: recorded before each step, undone as a whole, its cost told."""

from __future__ import annotations

from dataclasses import replace

from lockwright.enrol.journal import Entry, Step
from lockwright.errors import (
    CERTIFICATE_KEPT,
    GO_ON,
    KEY_KEPT,
    KEY_WAITS,
    NOTHING,
    UNCHANGED,
    LockwrightError,
    PartlyDeleted,
)
from lockwright.i18n import N_
from lockwright.models.steps import StepState
from lockwright.operations.enrolment.context import EnrolmentContext

NOBODY_NAMED = N_("the person who gave you the login")


class Progress:
    """An entry of the journal while it is worked on.

    Args:
        context: what the enrolment works with.
        entry: the entry as it is in the journal.
    """

    def __init__(self, context: EnrolmentContext, entry: Entry) -> None:
        self.context = context
        """What the enrolment works with."""
        self.entry = entry
        """The entry as it is on disk."""
        self.is_open = True
        """Whether the journal has it still."""

    @property
    def contact(self) -> str:
        """Whom a person calls if it does not work."""
        return self.context.ca.contact or NOBODY_NAMED

    def record(self, **changes: object) -> None:
        """Write what changes, and wait until the disk has it."""
        made = replace(self.entry, **changes)  # type: ignore[arg-type]  # the callers name fields of it
        self.entry = self.context.journal.record(made)

    def close(self) -> None:
        """Forget it: it is finished, or undone."""
        self.context.journal.close(self.entry)
        self.is_open = False

    def undo(self) -> None:
        """Remove all that the enrolment made, and forget it.

        Raises:
            PartlyDeleted, TokenError: something is still there, and so is the entry.
        """
        if self.entry.step is not Step.UNDOING:
            self.record(step=Step.UNDOING)
        teller = self.context.teller
        teller.begins(Step.UNDOING, before=StepState.FAILED)
        try:
            self.context.storage.discard(self.entry.key_id, self.entry.certificate)
        except PartlyDeleted as error:
            error.cost = GO_ON
            raise
        self.close()
        teller.ends()

    def undone(self, error: LockwrightError) -> LockwrightError:
        """An error after which nothing is left; if something is, that error."""
        self.undo()
        return error

    def told(self, error: LockwrightError) -> None:
        """Have an error that leaves something behind not say that nothing was changed."""
        if self.is_open and error.cost in {NOTHING, UNCHANGED}:
            error.cost = self._cost()

    def _cost(self) -> str:
        entry = self.entry
        if entry.certificate or (entry.pending is not None and entry.pending.issued):
            return CERTIFICATE_KEPT
        if not entry.request:
            return GO_ON
        return KEY_WAITS if entry.sent else KEY_KEPT
