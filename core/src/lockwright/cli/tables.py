"""Tokens and their contents as tables that fit a terminal of eighty columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from rich.table import Table
from rich.text import Text

from lockwright.certificates import key_names
from lockwright.cli import certificates, phrases
from lockwright.console.clean import clean
from lockwright.console.grid import grid
from lockwright.explain import in_words
from lockwright.i18n import _, ngettext
from lockwright.models import (
    Certificate,
    Container,
    Listing,
    PinState,
    PinStatus,
    Token,
    TokenObject,
)
from lockwright.operations.devices import Device
from lockwright.operations.object_names import kind

_BAD, _LOW, _SIDE = "red", "yellow", "dim"
_BRANCH = "├ "
"""What stands before a token of a device that has several."""
_NAME = 22
"""Columns that a long name may take from the others."""


def devices(found: Sequence[Device]) -> Table:
    """Every token that is connected; those of one device are under its reader."""
    table = grid(_("Token"), _("Model"), _("User PIN"), _("Memory"), _("Adapter"))
    table.columns[0].width = _name_width(found)
    for device in found:
        if len(device.tokens) == 1:
            table.add_row(*_token(device.tokens[0], "", ""))
            continue
        number = len(device.tokens)
        told = ngettext("a device with {n} token", "a device with {n} tokens", number)
        table.add_row(_cell(device.reader, _SIDE), Text(told.format(n=number), _SIDE))
        for token in device.tokens[:-1]:
            table.add_row(*_token(token, _BRANCH, "│ "))
        table.add_row(*_token(device.tokens[-1], "└ ", "  "))
    return table


def _name_width(found: Iterable[Device]) -> int:
    """Room for any serial number in one piece, since it is copied; long names are folded."""
    tokens = [token for device in found for token in device.tokens]
    serial = max((len(_BRANCH + token.serial) for token in tokens), default=0)
    label = max((len(_BRANCH + token.identity.label) for token in tokens), default=0)
    return max(serial, min(label, _NAME))


def _token(token: Token, first: str, second: str) -> Iterable[Text]:
    """The cells of a token.

    Args:
        token: the token.
        first: what stands before its label.
        second: what stands before its serial number.
    """
    identity, state = token.identity, token.state
    yield _two(first + (identity.label or _("(no label)")), second + identity.serial)
    yield _two(identity.model, identity.manufacturer)
    yield _pin(token) if token.adapter else Text("-")
    yield Text(phrases.memory(state.memory)) if token.adapter else Text("-")
    yield (
        Text(token.adapter) if token.adapter else _two(_("none"), in_words(token.reason), top=_LOW)
    )


def about_token(token: Token, uri: str) -> Table:
    """Everything known of one token, a line each.

    Args:
        token: the token.
        uri: what names it, and no other that is connected.
    """
    identity, state, can = token.identity, token.state, token.state.capabilities
    ways = [phrases.unblock_way(way) for way in sorted(can.unblock_sets_pin)]
    kept = [phrases.unblock_way(way) for way in sorted(can.unblock_keeps_pin)]
    lines = (
        (_("module"), str(identity.module.path)),
        (_("module says"), f"{identity.module.manufacturer}, {identity.module.description}"),
        (_("slot"), f"{identity.slot} ({identity.slot_description})"),
        ("URI", uri),
        (_("reason"), in_words(token.reason)),
        (_("SO PIN"), phrases.pin_state(state.so_pin)),
        *([(_("PUK"), phrases.pin_state(state.puk))] if state.puk else []),
        (_("unblocks left"), _number(state.user_pin)),
        (_("unblock with a new PIN"), ", ".join(ways) or "-"),
        (_("unblock and keep the PIN"), ", ".join(kept) or "-"),
        (_("key types"), ", ".join(can.key_types) or "-"),
        (_("PIN length in bytes"), _range(state.pin_lengths)),
    )
    table = Table.grid(padding=(0, 2))
    for name, value in lines:
        table.add_row(Text(f"  {name}", _SIDE), Text(clean(value), overflow="fold"))
    return table


def containers(content: Iterable[Container], warn_days: int, *, in_full: bool = False) -> Table:
    """Keys with their certificates.

    Args:
        content: the containers.
        warn_days: days before its end from which a certificate is marked.
        in_full: show whole names, and what is odd.
    """
    now = datetime.now(UTC)
    table = grid(_("Container"), _("Key"), _("Certificate"), _("Valid to"))
    for container in content:
        first, *more = container.certificates or (None,)
        table.add_row(
            _two(container.label or _("(no label)"), container.id.hex() or "-"),
            _two(_key_type(container.key_type), phrases.container_state(container.state)),
            _certificate(first, in_full=in_full),
            _validity(first, now, warn_days),
        )
        for certificate in more:
            told = _certificate(certificate, in_full=in_full)
            table.add_row("", "", told, _validity(certificate, now, warn_days))
    return table


def objects(found: Iterable[TokenObject]) -> Table:
    """Objects that are in no container."""
    table = grid(_("Object"), _("Label"), _("Id"), _("Name for delete"))
    for obj in found:
        table.add_row(
            _two(kind(obj), key_names.in_words(obj.key_type)) if obj.key_type else Text(kind(obj)),
            _cell(obj.label or "-"),
            _cell(obj.id.hex() or "-"),
            _cell(obj.ref[:12]),
        )
    return table


def content(listed: Listing, warn_days: int, *, in_full: bool = False) -> Iterable[Table]:
    """The tables of a listing, those with something in them; see ``containers``."""
    if listed.containers:
        yield containers(listed.containers, warn_days, in_full=in_full)
    if listed.objects:
        yield objects(listed.objects)


def _cell(text: str, style: str = "") -> Text:
    return Text(clean(text), style, overflow="fold")


def _two(upper: str, *lower: str, top: str = "") -> Text:
    """A cell of two lines or more, those below the first beside the point."""
    below = "\n".join(map(clean, lower))
    return Text.assemble((clean(upper), top), "\n", (below, _SIDE), overflow="fold")


def _pin(token: Token) -> Text:
    """The user PIN, and what is unusual about the token's use, a line each."""
    status = token.state.user_pin
    told = _state(status)
    for words in phrases.traits(token.identity):
        told.append(f"\n{words}", _LOW)
    return told


def _state(status: PinStatus | None) -> Text:
    bad = {PinState.LOCKED: _BAD, PinState.FINAL_TRY: _BAD}
    fine = status is None or status.state is PinState.OK
    style = "" if status is None or fine else bad.get(status.state, _LOW)
    return _two(phrases.pin_state(status), phrases.tries_left(status), top=style)


def _certificate(found: Certificate | None, *, in_full: bool) -> Text:
    if found is None:
        return Text("-")
    more = certificates.in_full(found) if in_full else ()
    return _two(certificates.called(found), certificates.issued_by(found), *more)


def _key_type(told: str | None) -> str:
    return key_names.in_words(told) if told else phrases.unknown()


def _validity(found: Certificate | None, now: datetime, warn_days: int) -> Text:
    if found is None:
        return Text("-")
    left = found.days_left(now)
    style = _BAD if found.expired(now) else _LOW if left is None or left < warn_days else ""
    return Text.assemble(
        (phrases.date(found.not_after) or "-", style), "\n", (phrases.days(found, now), style)
    )


def _range(numbers: tuple[int, int] | None) -> str:
    if numbers is None:
        return phrases.unknown()
    return _("{least} to {most}").format(least=numbers[0], most=numbers[1])


def _number(status: PinStatus | None) -> str:
    """Unblocks left, where the token says a number."""
    left = None if status is None else status.unblocks_left
    return phrases.unknown() if left is None else str(left)
