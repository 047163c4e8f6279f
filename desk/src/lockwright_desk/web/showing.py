"""How times, numbers and the database's words are shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from lockwright.i18n import N_, _, language, ngettext
from lockwright.spoken import spell

from lockwright_desk.signin.roles import Role
from lockwright_desk.store.tables.cases import CaseState, Way
from lockwright_desk.store.tables.register import Custody, TokenState

_HOUR, _MINUTE = 3600, 60

WORDS = {
    CaseState.OPEN: N_("caller not verified"),
    CaseState.VERIFIED: N_("caller verified"),
    CaseState.READY: N_("ready to answer"),
    CaseState.WAITING: N_("waits for a second person"),
    CaseState.AGREED: N_("second person agreed"),
    CaseState.DENIED: N_("second person refused"),
    CaseState.ANSWERED: N_("answered"),
    CaseState.WORKED: N_("worked"),
    CaseState.FAILED: N_("did not work"),
    CaseState.CALLED_OFF: N_("called off"),
    Way.DICTATED: N_("dictated"),
    Way.LINE: N_("over the line"),
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
    return _(WORDS[value]) if value in WORDS else value


def when(moment: datetime | None) -> str:
    """A time of this computer, without seconds; a dash for none."""
    if moment is None:
        return "—"
    local = moment.astimezone()
    return f"{local:%d.%m.%Y %H:%M}" if language() == "ru" else f"{local:%Y-%m-%d %H:%M}"


def day(moment: datetime) -> str:
    """The day of a time."""
    return when(moment).partition(" ")[0]


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


def times(count: int) -> str:
    """How often."""
    return ngettext("{count} time", "{count} times", count).format(count=number(count))


FILTERS: dict[str, Callable[..., object]] = {
    "word": word,
    "when": when,
    "day": day,
    "machine": machine,
    "lasting": lasting,
    "number": number,
    "spell": spell,
}
"""What templates call them."""
