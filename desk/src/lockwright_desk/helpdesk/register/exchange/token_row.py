"""A token as a row of a file has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from lockwright.errors import SerialMalformed, UnknownVendor
from lockwright.i18n import _

from lockwright_desk.helpdesk.register import values
from lockwright_desk.helpdesk.register.exchange.kinds import text_of
from lockwright_desk.helpdesk.register.exchange.problems import Problem, RawRow
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.helpdesk.register.values import Fault, Faulty
from lockwright_desk.store.tables.register import TokenState

COLUMNS = (
    "adapter",
    "model",
    "serial",
    "label",
    "state",
    "state_since",
    "login",
    "held_since",
)
NEEDED = COLUMNS[:3]
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Before any token there is."""


@dataclass(frozen=True, slots=True)
class TokenWish:
    """What a row wishes."""

    row: int
    name: tuple[str, str, str]
    """Adapter, model and serial number, the last in the form that the adapter's rule has."""
    label: str | None
    """None where the row says nothing of it; so below."""
    state: TokenState | None
    state_since: datetime | None
    login: str | None
    """Empty for a token that nobody holds."""
    held_since: datetime | None


def read(raw: RawRow, register: Register) -> tuple[TokenWish | None, list[Problem]]:
    """Read a row.

    Args:
        raw: the row.
        register: says how serial numbers are written, and what time it is.

    Returns:
        What it wishes; None where something is wrong with it, which is all named.
    """
    reader = _Reader(raw, register)
    wish = reader.wish()
    return (None, reader.problems) if reader.problems else (wish, [])


class _Reader:
    """Reads the values of a row, and keeps what is wrong.

    Args:
        raw: the row.
        register: the register.
    """

    def __init__(self, raw: RawRow, register: Register) -> None:
        self._raw = raw
        self._register = register
        self.problems: list[Problem] = []

    def wish(self) -> TokenWish:
        """What the row wishes, as far as it can be read."""
        adapter = self._value("adapter", values.adapter)
        model = self._value("model", values.model)
        typed = self._value("serial", values.serial)
        serial = self._serial(adapter, model, typed) if adapter and model and typed else ""
        state = self._value("state", _state)
        since, held = self._moment("state_since"), self._moment("held_since")
        return TokenWish(
            row=self._raw.number,
            name=(adapter or "", model or "", serial),
            label=self._value("label", values.label),
            state=TokenState(state) if state else None,
            state_since=since,
            login=self._value("login", lambda text: values.login(text) if text.strip() else ""),
            held_since=held,
        )

    def _value(self, column: str, reads: Callable[[str], str]) -> str | None:
        """A value; None where the row says nothing of it, or what it says is wrong."""
        if column not in self._raw.values:
            return None
        try:
            return reads(text_of(self._raw, column))
        except Faulty as fault:
            self._wrong(column, fault.fault, fault.reason)
            return None

    def _serial(self, adapter: str, model: str, typed: str) -> str:
        try:
            return self._register.serial(adapter, model, typed)
        except UnknownVendor as error:
            known = ", ".join(map(str, error.facts["known"] or ())) or "-"  # type: ignore[arg-type]  # a tuple
            said = _("there is no such adapter; there are: {known}").format(known=known)
            self._wrong("adapter", Fault.ADAPTER, said)
        except SerialMalformed as error:
            self._wrong("serial", Fault.SERIAL, str(error.facts["reason"]))
        return ""

    def _moment(self, column: str) -> datetime | None:
        text = self._value(column, lambda given: values.text(given, 64))
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            said = _("it is no time with a zone, such as 2026-01-31T10:00:00Z")
            self._wrong(column, Fault.TIME, said)
            return None
        if not _EARLIEST < found <= self._register.now():
            self._wrong(column, Fault.TIME, _("no token was there at that time"))
            return None
        return found

    def _wrong(self, column: str, code: Fault, text: str) -> None:
        self.problems.append(Problem(self._raw.number, column, code, text))


def _state(given: str) -> str:
    found = values.text(given, 64)
    if found and found not in set(TokenState):
        said = _("it is not one of {known}").format(known=", ".join(TokenState))
        raise Faulty(Fault.STATE, said)
    return found
