"""Reads ``[helpdesk]``, with its tables of hours, limits, second persons and notices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, time, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from lockwright.config.table import Table, Wrong
from lockwright.i18n import _

from lockwright_desk.configuration import notices_table
from lockwright_desk.configuration.helpdesk import (
    AnswerLimits,
    HelpdeskSettings,
    HoursSettings,
    LineSettings,
    SecondSettings,
)
from lockwright_desk.configuration.values import one_of, some, within

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RULES = ("grade", "month", "suspended", "new-holder", "outside-hours", "lot", "refused")
WORDS = ("typed", "confirmed")
_MEANS = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_CLOCK = re.compile(r"\d\d:\d\d")
_MIDNIGHT = "24:00"
_MOST_DAYS = 3650
_A_DAY = 24 * 60
_MOST_OF_A_LINE = 100_000
_LIMITS = (
    "token_day",
    "client_day",
    "operator_day",
    "key_day",
    "token_month",
    "client_month",
    "operator_month",
    "key_month",
)

_T = TypeVar("_T")


def read(file: Table, folder: Path) -> HelpdeskSettings | None:
    """``[helpdesk]``; None where there is none.

    Args:
        file: the whole file.
        folder: what its paths are relative to.

    Raises:
        Wrong: something in it has no meaning.
    """
    if "helpdesk" not in file.names:
        return None
    table, usual = file.table("helpdesk"), HelpdeskSettings()
    settings = HelpdeskSettings(
        means=_means(table, usual.means),
        lasts=timedelta(minutes=within(table, "minutes", 60, 1, _A_DAY)),
        again=timedelta(minutes=within(table, "again_minutes", 10, 1, 60)),
        words_typed=one_of(table, "words", WORDS) == WORDS[0],
        word_tries=within(table, "word_tries", usual.word_tries, 1, 10),
        ticket=_pattern(table, "ticket"),
        hours=_hours(table.table("hours")),
        limits=_limits(table.table("limits")),
        second=_second(table.table("second")),
        line=_line(table.table("line")),
        notices=notices_table.read(table.table("notices"), folder),
    )
    table.done()
    return settings


def _means(table: Table, usual: tuple[str, ...]) -> tuple[str, ...]:
    found = table.texts("means")
    if found is None:
        return usual
    for each in found:
        if not _MEANS.fullmatch(each):
            said = _("[helpdesk] means: {text} has other than small letters, digits and dashes")
            raise Wrong(said.format(text=each))
    if not found:
        raise Wrong(_("[helpdesk] means is empty: nobody could be verified"))
    return found


def _hours(table: Table) -> HoursSettings:
    usual = HoursSettings()
    zone, opens, closes = table.text("zone"), table.text("from"), table.text("until")
    settings = HoursSettings(
        zone=usual.zone if zone is None else _zone(zone),
        days=_days(table, usual.days),
        opens=usual.opens if opens is None else _time(table, opens),
        closes=usual.closes if closes is None else _time(table, closes),
        holidays=frozenset(_each(table, "holidays", date.fromisoformat)),
    )
    table.done()
    if (opens is None) != (closes is None):
        raise Wrong(_("[helpdesk.hours] from and until belong together"))
    return settings


def _days(table: Table, usual: frozenset[int]) -> frozenset[int]:
    found = table.texts("days")
    return usual if found is None else frozenset(map(DAYS.index, some(table, "days", found, DAYS)))


def _limits(table: Table) -> AnswerLimits:
    given = {key: table.number(key, 1) for key in _LIMITS}
    table.done()
    return AnswerLimits(**{key: most for key, most in given.items() if most is not None})


def _line(table: Table) -> LineSettings:
    usual = LineSettings()
    settings = LineSettings(
        is_open=table.flag("open", default=usual.is_open),
        lasts=timedelta(minutes=within(table, "minutes", 15, 1, 60)),
        address_hour=within(table, "address_hour", usual.address_hour, 1, _MOST_OF_A_LINE),
        serial_hour=within(table, "serial_hour", usual.serial_hour, 1, _MOST_OF_A_LINE),
        waiting=within(table, "waiting", usual.waiting, 1, _MOST_OF_A_LINE),
    )
    table.done()
    return settings


def _second(table: Table) -> SecondSettings:
    found = table.texts("rules")
    rules = RULES if found is None else some(table, "rules", found, RULES)
    grades, every = table.texts("grades") or (), table.number("every", 1)
    month = table.number("month", 0)
    days = within(table, "new_holder_days", 14, 1, _MOST_DAYS)
    table.done()
    return SecondSettings(
        grades=frozenset(grades) if "grade" in rules else frozenset(),
        month=(2 if month is None else month) if "month" in rules else None,
        suspended="suspended" in rules,
        new_holder=timedelta(days=days) if "new-holder" in rules else None,
        outside_hours="outside-hours" in rules,
        every=every if "lot" in rules else None,
        refused="refused" in rules,
    )


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        said = _("[helpdesk.hours] zone: this system knows no time zone {text}")
        raise Wrong(said.format(text=text)) from None


def _time(table: Table, text: str) -> time:
    try:
        if _CLOCK.fullmatch(text):
            return time() if text == _MIDNIGHT else time.fromisoformat(text)
    except ValueError:
        pass
    said = _("[{table}] {text} is no time such as 09:00")
    raise Wrong(said.format(table=table.name, text=text))


def _each(table: Table, key: str, read: Callable[[str], _T]) -> Iterable[_T]:
    for text in table.texts(key) or ():
        try:
            yield read(text)
        except ValueError:
            said = _("[{table}] {key}: {text} is no day such as 2026-12-31")
            raise Wrong(said.format(table=table.name, key=key, text=text)) from None


def _pattern(table: Table, key: str) -> str | None:
    text = table.text(key)
    try:
        re.compile(text or "")
    except re.error as error:
        said = _("[helpdesk] {key} is no regular expression: {reason}")
        raise Wrong(said.format(key=key, reason=error)) from None
    return text
