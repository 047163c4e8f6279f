"""What a kind of row needs for being taken in: how it is read, settled and written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from lockwright.i18n import _
from sqlalchemy.orm import Session

from lockwright_desk.helpdesk.register.exchange.problems import Problem, RawRow
from lockwright_desk.helpdesk.register.values import Fault, Faulty

Wish = TypeVar("Wish")


@dataclass(slots=True)
class Settled(Generic[Wish]):
    """What is to become of some rows."""

    add: list[Wish] = field(default_factory=list)
    change: list[Wish] = field(default_factory=list)
    same: int = 0
    """How many are in the register as they are."""
    problems: list[Problem] = field(default_factory=list)


class Kind(Protocol[Wish]):
    """Clients or tokens."""

    @property
    def name(self) -> str:
        """The name of the list in JSON, and of the commands."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns there can be."""

    @property
    def needed(self) -> tuple[str, ...]:
        """Those there must be."""

    def read(self, raw: RawRow) -> tuple[Wish | None, Sequence[Problem]]:
        """What a row wishes; None where something is wrong with it."""

    def key(self, wish: Wish) -> object:
        """What stands in a file once only."""

    def settle(
        self, session: Session, wishes: Sequence[Wish], *, update: bool, lock: bool = False
    ) -> Settled[Wish]:
        """Compare rows with the register.

        Args:
            session: a transaction.
            wishes: the rows.
            update: whether what is there already may be changed.
            lock: whether nobody else may change it until the end, for ``write``.
        """

    def write(self, session: Session, settled: Settled[Wish], *, by: str, now: datetime) -> None:
        """Write what was settled last, in the same transaction."""


def text_of(raw: RawRow, column: str) -> str:
    """A value as text; of JSON null is nothing.

    Raises:
        Faulty: it is no text.
    """
    value = raw.values.get(column)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Faulty(Fault.NOT_TEXT, _("it is no text; put it in quotes"))
    return value
