"""How times, numbers and the database's words are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from lockwright.i18n import N_, _, language
from lockwright.spoken import spell

from lockwright_desk.helpdesk.alerts import TEXTS as ALERTS
from lockwright_desk.helpdesk.named import ACTS, MEANS, STATES, WAYS
from lockwright_desk.helpdesk.rules import TEXTS as RULES
from lockwright_desk.signin.roles import Role
from lockwright_desk.store.tables.register import Custody, TokenState

_HOUR, _MINUTE = 3600, 60

WORDS = {
    **STATES,
    **WAYS,
    TokenState.ISSUED: N_("issued"),
    TokenState.SUSPENDED: N_("suspended"),
    TokenState.LOST: N_("lost"),
    TokenState.RETIRED: N_("retired"),
    Custody.OBJECT: N_("key object in the HSM"),
    Custody.WRAPPED: N_("wrapped under a key of the HSM"),
    Custody.DERIVED: N_("derived in the HSM"),
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


def fact(value: object) -> str:
    """A fact of a record, on one line."""
    if isinstance(value, list):
        return ", ".join(map(fact, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def _in_words(texts: Mapping[str, str], value: str) -> str:
    return _(texts[value]) if value in texts else value


def when(moment: datetime | None) -> str:
    """A time of this computer, without seconds; a dash for none."""
    if moment is None:
        return "—"
    local = moment.astimezone()
    return f"{local:%d.%m.%Y %H:%M}" if language() == "ru" else f"{local:%Y-%m-%d %H:%M}"


def day(value: date) -> str:
    """A day."""
    return f"{value:%d.%m.%Y}" if language() == "ru" else value.isoformat()


def trail_time(text: str) -> str:
    """A time of the audit trail, with its seconds."""
    try:
        moment = datetime.fromisoformat(text).astimezone()
    except ValueError:
        return text
    return f"{when(moment)}:{moment:%S}"


def machine(moment: datetime) -> str:
    """A time as ``<time datetime>`` has it."""
    return moment.astimezone().isoformat(timespec="seconds")


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


FILTERS: dict[str, Callable[..., object]] = {
    "word": word,
    "when": when,
    "date": day,
    "trail_time": trail_time,
    "act": act,
    "means": means,
    "rule": rule,
    "alert": alert,
    "fact": fact,
    "machine": machine,
    "lasting": lasting,
    "number": number,
    "spell": spell,
}
"""What templates call them."""
