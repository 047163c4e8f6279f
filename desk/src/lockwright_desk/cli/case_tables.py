"""Cases and alerts at a terminal: as tables, and as documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lockwright.console.clean import clean
from lockwright.console.grid import Grid
from lockwright.console.wrapping import whole
from lockwright.i18n import _

from lockwright_desk.cli.registered import minute, named
from lockwright_desk.helpdesk.alerts import TEXTS as ALERTS
from lockwright_desk.helpdesk.alerts import AlertKind
from lockwright_desk.helpdesk.named import ACTS, MEANS, STATES, WAYS
from lockwright_desk.helpdesk.rules import told
from lockwright_desk.helpdesk.views import AlertSeen, CaseSeen, Event, Listed, spoken

Document = dict[str, object]


def case_table(found: Sequence[Listed]) -> Grid:
    """Cases in a list."""
    table = Grid(_("Case"), _("State"), _("Client"), _("Serial number"), _("Opened"), _("By"))
    for each in found:
        table.add_row(
            whole(spoken(each.number)),
            _(STATES[each.state]),
            named(each.client, each.login),
            whole(clean(each.serial)),
            minute(each.opened_at),
            clean(each.opened_by),
        )
    return table


def about(case: CaseSeen) -> list[tuple[str, str]]:
    """What there is to know of a case: names and values."""
    client, token = case.client, case.token
    rows = [
        (_("Case"), spoken(case.number)),
        (_("State"), _(STATES[case.state])),
        (_("Way"), _(WAYS[case.way])),
        (_("Client"), named(client.name, client.login)),
        (_("Token"), f"{clean(token.model)} {clean(token.serial)}"),
        (_("Opened"), f"{minute(case.opened_at)}, {clean(case.opened_by)}"),
        (_("Verified by"), _(MEANS[case.means]) if case.means in MEANS else case.means or ""),
        (_("Reason"), clean(case.reason or "")),
        (_("Ticket"), clean(case.ticket or "")),
        (_("Second person because"), told(case.second)),
        (_("Decided by"), clean(case.decided_by or "")),
        (_("Their reason"), clean(case.decided_why or "")),
    ]
    return [(name, value) for name, value in rows if value]


def history_table(events: Sequence[Event]) -> Grid:
    """What was done in a case."""
    table = Grid(_("Time"), _("By"), _("What"), _("State since then"))
    for each in events:
        table.add_row(minute(each.at), clean(each.by), _(ACTS[each.act]), _(STATES[each.state]))
    return table


def alert_table(found: Sequence[AlertSeen]) -> Grid:
    """Alerts."""
    table = Grid(_("Number"), _("Time"), _("Case"), _("What"), _("Facts"), _("Seen by"))
    for each in found:
        table.add_row(
            str(each.id),
            minute(each.at),
            whole(spoken(each.case)) if each.case else "-",
            _(ALERTS[AlertKind(each.kind)]),
            clean("; ".join(f"{name}: {fact}" for name, fact in each.told.items())) or "-",
            clean(each.seen_by or "-"),
        )
    return table


def listed_document(about: Listed) -> Document:
    """A case in a list."""
    return {
        "number": about.number,
        "state": about.state.value,
        "way": about.way.value,
        "client": {"login": about.login, "name": about.client},
        "token": {"adapter": about.adapter, "serial": about.serial},
        "opened_at": about.opened_at.isoformat(),
        "opened_by": about.opened_by,
        "second": list(about.second),
        "ticket": about.ticket,
    }


def case_document(case: CaseSeen, events: Sequence[Event]) -> Document:
    """A case and its history."""
    client, token = case.client, case.token
    return {
        "number": case.number,
        "revision": case.revision,
        "state": case.state.value,
        "way": case.way.value,
        "client": {"login": client.login, "name": client.name, "grade": client.grade},
        "token": {"adapter": token.adapter, "model": token.model, "serial": token.serial},
        "opened_at": case.opened_at.isoformat(),
        "opened_by": case.opened_by,
        "verified_by": case.means,
        "verified_at": _moment(case.verified_at),
        "wrong_checks": case.wrong_checks,
        "reason": case.reason,
        "ticket": case.ticket,
        "second": list(case.second),
        "decided_by": case.decided_by,
        "decided_at": _moment(case.decided_at),
        "decided_why": case.decided_why,
        "answered_at": _moment(case.answered_at),
        "closed_at": _moment(case.closed_at),
        "history": [
            {
                "at": each.at.isoformat(),
                "by": each.by,
                "act": each.act.value,
                "state": each.state.value,
                "facts": dict(each.facts),
            }
            for each in events
        ],
    }


def alert_document(about: AlertSeen) -> Document:
    """An alert."""
    return {
        "id": about.id,
        "kind": about.kind,
        "at": about.at.isoformat(),
        "case": about.case,
        "facts": dict(about.facts),
        "seen_at": _moment(about.seen_at),
        "seen_by": about.seen_by,
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
