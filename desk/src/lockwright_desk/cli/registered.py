"""The register at a terminal: who acts, and clients and tokens as tables and documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lockwright.console.clean import clean
from lockwright.console.grid import Grid
from lockwright.console.wrapping import whole
from lockwright.i18n import N_, _

from lockwright_desk.cli.program import Run
from lockwright_desk.helpdesk.adapters import rules_of
from lockwright_desk.helpdesk.register.change import STATES
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.helpdesk.register.shown import (
    ChangeShown,
    ClientShown,
    HolderShown,
    TokenShown,
)
from lockwright_desk.store.tables.register import Custody

Document = dict[str, object]
_CUSTODIES = {
    Custody.OBJECT: N_("an object of its own"),
    Custody.WRAPPED: N_("wrapped"),
    Custody.DERIVED: N_("derived"),
    Custody.OPENED: N_("password, wrapped"),
}


def register_of(run: Run) -> Register:
    """The register of a run."""
    return Register(run.database, run.audit, rules_of(run.settings.adapters), run.now)


def client_table(found: Sequence[ClientShown]) -> Grid:
    """Clients."""
    table = Grid(_("Login"), _("Name"), _("Phone"), _("Grade"))
    for each in found:
        table.add_row(
            whole(clean(each.login)),
            clean(each.name),
            clean(each.phone or "-"),
            _or_none(each.grade),
        )
    return table


def token_table(found: Sequence[TokenShown]) -> Grid:
    """Tokens."""
    table = Grid(_("Serial number"), _("Model"), _("State"), _("Holder"), _("Label"))
    for each in found:
        table.add_row(
            whole(clean(each.serial)),
            clean(each.model),
            _(STATES[each.state]),
            holder(each),
            _or_none(each.label),
        )
    return table


def held_table(found: Sequence[HolderShown], *, of_client: bool) -> Grid:
    """Who held a token, or what a client held."""
    first = _("Serial number") if of_client else _("Holder")
    table = Grid(first, _("From"), _("Until"), _("Handed over by"))
    for each in found:
        name = whole(clean(each.token.serial)) if of_client else _named(each.client)
        table.add_row(name, minute(each.since), minute(each.until), clean(each.by))
    return table


def change_table(found: Sequence[ChangeShown]) -> Grid:
    """What became of a token."""
    table = Grid(_("State"), _("Since"), _("By"), _("Reason"))
    for each in found:
        table.add_row(_(STATES[each.state]), minute(each.at), clean(each.by), _or_none(each.reason))
    return table


def holder(token: TokenShown) -> str:
    """Who holds a token."""
    return _named(token.holder) if token.holder else _("the bank")


def key(token: TokenShown) -> str:
    """Where a token's administrator key is."""
    if token.custody is None:
        return "-"
    text = _(_CUSTODIES[token.custody])
    return text if token.key_version is None else f"{text}, {token.key_version}"


def minute(at: datetime | None) -> str:
    """A time, as people need it."""
    return whole(f"{at:%Y-%m-%d %H:%M}") if at else "-"


def client_document(about: ClientShown) -> Document:
    """A client."""
    return {
        "login": about.login,
        "name": about.name,
        "phone": about.phone,
        "email": about.email,
        "language": about.language,
        "grade": about.grade,
        "added_at": about.added_at.isoformat(),
        "removed_at": about.removed_at and about.removed_at.isoformat(),
    }


def token_document(about: TokenShown) -> Document:
    """A token."""
    return {
        "adapter": about.adapter,
        "model": about.model,
        "serial": about.serial,
        "label": about.label,
        "state": about.state.value,
        "state_since": about.state_since.isoformat(),
        "holder": _holder_document(about.holder),
        "held_since": _moment(about.held_since),
        "custody": about.custody.value if about.custody else None,
        "key_version": about.key_version,
    }


def held_document(about: HolderShown, *, of_client: bool) -> Document:
    """Who held a token, or what a client held."""
    token = about.token
    what: Document = (
        {"adapter": token.adapter, "model": token.model, "serial": token.serial}
        if of_client
        else {"login": about.client.login, "name": about.client.name}
    )
    since, until = about.since.isoformat(), _moment(about.until)
    return {**what, "since": since, "until": until, "by": about.by}


def change_document(about: ChangeShown) -> Document:
    """What became of a token."""
    return {
        "state": about.state.value,
        "at": about.at.isoformat(),
        "by": about.by,
        "reason": about.reason,
    }


def _holder_document(about: ClientShown | None) -> Document | None:
    return {"login": about.login, "name": about.name} if about else None


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _named(client: ClientShown) -> str:
    return named(client.name, client.login)


def named(name: str, login: str) -> str:
    """A client; one who was removed has nothing but a number, which stands in both."""
    return clean(name) if name == login else f"{clean(name)} ({clean(login)})"


def _or_none(text: str | None) -> str:
    return clean(text or "-")
