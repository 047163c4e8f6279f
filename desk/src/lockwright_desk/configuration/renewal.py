"""The parts of the configuration that say when certificates are to be renewed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from lockwright.config.table import Table, Wrong
from lockwright.i18n import _

from lockwright_desk.configuration.settings import RenewalSettings
from lockwright_desk.configuration.values import within

_A_DAY = 24 * 60


def read(table: Table) -> RenewalSettings:
    """``[renewal]``.

    Raises:
        Wrong: something in it has no meaning.
    """
    usual = RenewalSettings()
    minutes = within(table, "minutes", usual.ask_again // timedelta(minutes=1), 1, _A_DAY)
    before, url = table.text("issued_before"), table.text("url")
    table.done()
    return RenewalSettings(
        ask_again=timedelta(minutes=minutes),
        issued_before=None if before is None else _moment(before),
        url=None if url is None else _page(url),
    )


def days(table: Table) -> timedelta | None:
    """``renew_days`` of a profile; None if it is not said."""
    found = table.number("renew_days", 1)
    return None if found is None else timedelta(days=found)


def _moment(text: str) -> datetime:
    """A day, or a time with its offset from UTC; a day begins in UTC."""
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        told = _("[renewal] issued_before: {text} is no day such as 2026-12-01")
        raise Wrong(told.format(text=text)) from None


def _page(text: str) -> str:
    try:
        if urlsplit(text).scheme == "https" and urlsplit(text).hostname:
            return text
    except ValueError:
        pass
    raise Wrong(_("[renewal] url: {text} is no address of a page").format(text=text))
