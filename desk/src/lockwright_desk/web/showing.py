"""How times, numbers and the database's words are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from typing import Any

from lockwright.i18n import N_, _, language
from lockwright.spoken import spell

from lockwright_desk.helpdesk.alerts import TEXTS as ALERTS
from lockwright_desk.helpdesk.named import ACTS, LINES, MEANS, STATES, WAYS
from lockwright_desk.helpdesk.rules import TEXTS as RULES
from lockwright_desk.signin.roles import Role
from lockwright_desk.store.tables.register import Custody, TokenState

_HOUR, _MINUTE = 3600, 60

WORDS: Mapping[Any, str] = {
    **STATES,
    **WAYS,
    TokenState.ISSUED: N_("issued"),
    TokenState.SUSPENDED: N_("suspended"),
    TokenState.LOST: N_("lost"),
    TokenState.RETIRED: N_("retired"),
    Custody.OBJECT: N_("key object in the HSM"),
    Custody.WRAPPED: N_("wrapped under a key of the HSM"),
    Custody.DERIVED: N_("derived in the HSM"),
    Custody.OPENED: N_("password, opened for one answer"),
    Role.OPERATOR: N_("operator"),
    Role.APPROVER: N_("approver"),
    Role.AUDITOR: N_("auditor"),
    Role.ADMINISTRATOR: N_("administrator"),
}
"""What the database's words are called on the page."""


def word(value: str) -> str:
    """A word of the database, in the language in use."""
    return _in_words(WORDS, value)


def act(value: str) -> str:
    """What was done in a case."""
    return _in_words(ACTS, value)


def means(value: str) -> str:
    """How a caller was verified."""
    return _in_words(MEANS, value)


def rule(value: str) -> str:
    """Why a second person has to agree."""
    return _in_words(RULES, value)


def alert(value: str) -> str:
    """What an alert says."""
    return _in_words(ALERTS, value)


def line(value: str) -> str:
    """How a Request on the line stands."""
    return _in_words(LINES, value)


def fact(value: object) -> str:
    """A fact of a record, on one line."""
    if isinstance(value, list):
        return ", ".join(map(fact, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def _in_words(texts: Mapping[Any, str], value: str) -> str:
    return _(texts[value]) if value in texts else value


def when(zone: tzinfo, moment: datetime | None) -> str:
    """A time of the bank's clock, without seconds; a dash for none."""
    if moment is None:
        return "—"
    local = moment.astimezone(zone)
    return f"{day(local)} {local:%H:%M}"


def day(value: date) -> str:
    """A day."""
    return f"{value:%d.%m.%Y}" if language() == "ru" else f"{value:%Y-%m-%d}"


def trail_time(zone: tzinfo, text: str) -> str:
    """A time of the audit trail, with its seconds."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{when(zone, moment)}:{moment:%S}"


def machine(moment: datetime) -> str:
    """A time as ``<time datetime>`` has it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def lasting(span: timedelta | None) -> str:
    """How long something took; a dash for nothing."""
    if span is None:
        return "—"
    seconds = round(span.total_seconds())
    if seconds < _MINUTE:
        return _("{seconds} s").format(seconds=seconds)
    if seconds < _HOUR:
        return _("{minutes} min {seconds} s").format(
            minutes=seconds // _MINUTE, seconds=seconds % _MINUTE
        )
    return _("{hours} h {minutes} min").format(
        hours=seconds // _HOUR, minutes=seconds % _HOUR // _MINUTE
    )


def number(value: float) -> str:
    """A number, thousands apart by a thin space that does not break."""
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def filters(zone: tzinfo) -> Mapping[str, Callable[..., object]]:
    """What templates call them.

    Args:
        zone: the bank's time zone.
    """
    return {
        "word": word,
        "when": partial(when, zone),
        "date": day,
        "trail_time": partial(trail_time, zone),
        "act": act,
        "means": means,
        "rule": rule,
        "alert": alert,
        "fact": fact,
        "line": line,
        "machine": machine,
        "lasting": lasting,
        "number": number,
        "spell": spell,
    }
