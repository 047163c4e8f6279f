"""Options by which a command is asked for a part of an audit trail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import wraps
from typing import Any

import click

from lockwright.audit.wanted import Wanted
from lockwright.console.framework import option
from lockwright.i18n import N_, _

Body = Callable[..., int | None]

_OPTIONS = (
    option(
        "--since",
        metavar="TIME",
        text=N_("Only what began then or later: a day or a time such as 2026-12-01T09:30."),
    ),
    option(
        "--until",
        metavar="TIME",
        text=N_("Only what began before that time, or on that day at the latest."),
    ),
    option("--hook", metavar="NAME", text=N_("Only this operation, such as desk_answer.")),
    option("--who", metavar="NAME", text=N_("Only what this person or account did.")),
    option(
        "--about",
        metavar="VALUE",
        text=N_("Only what names this client, token, serial number or case, as a whole."),
    ),
    option(
        "--outcome",
        metavar="WORD",
        text=N_("Only what ended so: ok, failed, open for no end on record, or an error's code."),
    ),
    option("--text", metavar="TEXT", text=N_("Only what has this text somewhere.")),
)

_NAMES = ("since", "until", "hook", "who", "about", "outcome", "text")


def wanted_options(body: Body) -> Body:
    """A command's function that is given ``wanted``, as the options say which operations are."""

    @wraps(body)
    def asked(run: object, **given: Any) -> int | None:
        said = {name: given.pop(name) for name in _NAMES}
        wanted = Wanted(
            hook=said["hook"] or "",
            text=said["text"] or "",
            since=_moment("--since", said["since"], timedelta()),
            until=_moment("--until", said["until"], timedelta(days=1)),
            person=said["who"] or "",
            about=said["about"] or "",
            outcome=said["outcome"] or "",
        )
        return body(run, wanted=wanted, **given)

    found: Body = asked
    for add in reversed(_OPTIONS):
        found = add(found)
    return found


def _moment(name: str, text: str | None, more: timedelta) -> datetime | None:
    """A time; a day, and what has no zone, is this computer's.

    Args:
        name: of the option.
        text: what it says.
        more: what a day alone gets on top of its beginning.
    """
    if text is None:
        return None
    try:
        if len(text) == len("2026-12-01"):
            return datetime.combine(date.fromisoformat(text) + more, time()).astimezone(UTC)
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        said = _("{option}: {text} is no day such as 2026-12-01 and no time")
        raise click.UsageError(
            said.format(option=name, text=text), click.get_current_context()
        ) from None
