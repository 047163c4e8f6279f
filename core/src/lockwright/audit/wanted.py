"""Operations of an audit trail, and which of them are wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from lockwright.audit.records import Record, seq_of
from lockwright.records import dataclass

OK = "ok"
ALONE = "-"
"""Outcome of a record that belongs to no operation."""
_WHO = ("operator", "by", "who", "login")
"""Facts that name a person, the first that is there."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation, or a record that belongs to none."""

    seq: int
    """Number of the line on which it begins."""
    time: str
    """UTC, RFC 3339."""
    hook: str
    """What was done; the event of a record that belongs to no operation."""
    person: str
    """Who it was; the system's account where nobody else is named."""
    host: str
    """The computer."""
    facts: Mapping[str, object]
    """What it was about, and what came of it."""
    outcome: str | None
    """``ok``, the code of an error, None where no end is on record, or ``ALONE``."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which operations; what is empty leaves nothing out."""

    hook: str = ""
    """Name of the operation."""
    text: str = ""
    """What its records have somewhere, in any case: a name, a serial number, a case."""
    since: datetime | None = None
    """Begun then or later."""
    until: datetime | None = None
    """Up to then, itself left out."""
    person: str = ""
    """Who it was, exactly but for the case of letters."""
    about: str = ""
    """A whole value of its facts or of its token: a client, a serial number, a case."""
    outcome: str = ""
    """``ok``, ``failed``, ``open`` where no end is on record, or the code of an error."""

    def fits(self, lines: bytes, about: Operation) -> bool:
        """Whether an operation is one of those.

        Args:
            lines: its lines in the trail.
            about: what they say.
        """
        return (
            (not self.hook or about.hook == self.hook)
            and not self.is_before(about.time)
            and (self.until is None or about.time < _written(self.until))
            and (not self.person or about.person.casefold() == self.person.casefold())
            and self._ended(about)
            and (not self.text or self.text.casefold() in _text(lines))
            and (not self.about or self.about.casefold() in _values(about.facts))
        )

    def is_before(self, time: str) -> bool:
        """Whether a time of the trail is before all that are wanted."""
        return self.since is not None and time < _written(self.since)

    def _ended(self, about: Operation) -> bool:
        match self.outcome:
            case "":
                return True
            case "failed":
                return about.outcome not in {None, OK, ALONE}
            case "open":
                return about.outcome is None
            case code:
                return about.outcome == code


def operation(record: Record, end: Record | None) -> Operation:
    """An operation.

    Args:
        record: the record with which it begins; or one that stands alone.
        end: the record of its end; None if there is none.
    """
    facts = {**_token(record), **_facts(record), **(_facts(end) if end else {})}
    outcome: str | None
    match end or record:
        case {"event": "intent"}:
            outcome = None
        case {"event": "outcome", "outcome": "error", "error": code}:
            outcome = str(code)
        case {"event": "outcome", "outcome": told}:
            outcome = str(told)
        case _:
            outcome = ALONE
    return Operation(
        seq=seq_of(record),
        time=str(record.get("time", "")),
        hook=str(record.get("hook") or record.get("event", "")),
        person=person_of({**record, "facts": facts}),
        host=str(_process(record).get("host", "")),
        facts=facts,
        outcome=outcome,
    )


def person_of(record: Record) -> str:
    """Who it was: whom the facts name, or the system's account."""
    facts = _facts(record)
    named = next((facts[name] for name in _WHO if facts.get(name)), None)
    return str(_process(record).get("user", "") if named is None else named)


def _process(record: Record) -> Mapping[str, object]:
    who = record.get("who")
    return who if isinstance(who, dict) else {}


def _facts(record: Record) -> Mapping[str, object]:
    facts = record.get("facts")
    return facts if isinstance(facts, dict) else {}


def _token(record: Record) -> Mapping[str, object]:
    """The token that a record of the client's side names."""
    token = record.get("token")
    return {"serial": token.get("serial", "")} if isinstance(token, dict) else {}


def _values(value: object) -> set[str]:
    """Each value in facts, wherever it is."""
    return {str(each).casefold() for each in _leaves(value)}


def _leaves(value: object) -> Iterator[object]:
    match value:
        case Mapping():
            for each in value.values():
                yield from _leaves(each)
        case list() | tuple():
            for each in value:
                yield from _leaves(each)
        case _:
            yield value


def _text(lines: bytes) -> str:
    return lines.decode("utf-8", "replace").casefold()


def _written(moment: datetime) -> str:
    """A time as the trail writes it, so that texts compare as times do."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
