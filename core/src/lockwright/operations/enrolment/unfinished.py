"""What was begun and is not finished, as the journal has it."""

from __future__ import annotations

from lockwright.enrol.journal import Entry, Journal, Step
from lockwright.errors import EnrolmentOpen
from lockwright.models import Token
from lockwright.operations.enrolment.waiting import refuse_early


class Unfinished:
    """Reads the journal of enrolments.

    Args:
        journal: the journal.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def unfinished(self) -> list[Entry]:
        """Every enrolment that was begun and is neither finished nor undone.

        Raises:
            JournalBroken: an entry cannot be read.
        """
        return self._journal.entries()

    def entry(self, place: str, token: Token | None = None) -> Entry:
        """The unfinished enrolment for a place.

        Args:
            place: a token's serial number (``Token.name``), a file's path.
            token: the token that it is; without it, of two tokens of one name neither is found.

        Raises:
            NoEnrolment: there is none.
            JournalBroken: its entry cannot be read.
        """
        return self._journal.get(place, token.identity if token else None)

    def refuse_open(self, place: str, token: Token | None = None) -> None:
        """Refuse to begin where something is unfinished, before anybody is asked for a PIN.

        The arguments are those of ``entry``.

        Raises:
            EnrolmentOpen: an enrolment for this place is.
        """
        found = self._journal.find(place, token.identity if token else None)
        if found is not None:
            raise EnrolmentOpen(ca=found.ca, place=place)

    def refuse_early(self, entry: Entry, seconds: float) -> None:
        """Refuse to ask the CA before its time, before anybody is asked for a PIN.

        Args:
            entry: the unfinished enrolment.
            seconds: how long it may be waited.

        Raises:
            EnrolmentWaits: its time is later.
        """
        if entry.step is Step.WAITING and entry.pending is not None:
            refuse_early(entry.ca, entry.pending, seconds)
