"""Tokens and their contents as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text

from lockwright.cli import phrases
from lockwright.console.blocks import Facts
from lockwright.console.clean import clean
from lockwright.console.grid import Grid, grid
from lockwright.console.wrapping import whole
from lockwright.explain import in_words
from lockwright.i18n import _, ngettext
from lockwright.models import (
    Certificate,
    Container,
    Listing,
    PinState,
    PinStatus,
    Plan,
    Token,
    TokenObject,
)
from lockwright.operations.devices import Device
from lockwright.operations.object_names import kind

_BAD, _LOW, _SIDE = "red", "yellow", "dim"
_BRANCH, _LAST_BRANCH = ("├ ", "│ "), ("└ ", "  ")
"""What stands before the tokens of a device that has several."""


def devices(found: Sequence[Device]) -> Grid:
    """Every token that is connected; those of one device are under its reader."""
    table = grid(_("Token"), _("Model"), _("User PIN"), _("Memory"), _("Adapter"))
    for device in found:
        if len(device.tokens) == 1:
            table.add_row(*_token(device.tokens[0]))
            continue
        number = len(device.tokens)
        told = ngettext("a device with {n} token", "a device with {n} tokens", number)
        reader, told = clean(device.reader), told.format(n=number)
        table.add_heading(Text.assemble((reader, _SIDE), "  ", (told, _SIDE)))
        for token in device.tokens[:-1]:
            table.add_row(*_token(token), branch=_BRANCH)
        table.add_row(*_token(device.tokens[-1]), branch=_LAST_BRANCH)
    return table


def _token(token: Token) -> Iterable[Text]:
    """The cells of a token."""
    identity, state = token.identity, token.state
    yield _two(identity.label or _("(no label)"), identity.serial, serial=True)
    yield _two(identity.model, identity.manufacturer)
    yield _pin(state.user_pin) if token.adapter else Text("-")
    yield Text(phrases.memory(state.memory)) if token.adapter else Text("-")
    yield (
        Text(token.adapter) if token.adapter else _two(_("none"), in_words(token.reason), top=_LOW)
    )


def about_token(token: Token, uri: str) -> Facts:
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
    return Facts((name, _cell(value)) for name, value in lines)


def containers(content: Iterable[Container], warn_days: int) -> Grid:
    """Keys with their certificates.

    Args:
        content: the containers.
        warn_days: days before its end from which a certificate is marked.
    """
    now = datetime.now(UTC)
    table = grid(_("Container"), _("Key"), _("Certificate"), _("Valid to"))
    for container in content:
        first, *more = container.certificates or (None,)
        table.add_row(
            _two(container.label or _("(no label)"), container.id.hex() or "-"),
            _two(container.key_type or "-", phrases.container_state(container.state)),
            _certificate(first),
            _validity(first, now, warn_days),
        )
        for certificate in more:
            table.add_row("", "", _certificate(certificate), _validity(certificate, now, warn_days))
    return table


def objects(found: Iterable[TokenObject]) -> Grid:
    """Objects that are in no container."""
    table = grid(_("Object"), _("Label"), _("Id"), _("Name for delete"))
    for obj in found:
        table.add_row(
            Text(kind(obj)),
            _cell(obj.label or "-"),
            _cell(obj.id.hex() or "-"),
            _cell(obj.ref[:12]),
        )
    return table


def show(console: Console, content: Listing | Plan, warn_days: int) -> None:
    """Show containers, and below them what is in none.

    Args:
        console: where to.
        content: what is on a token, or a part of it.
        warn_days: days before its end from which a certificate is marked.
    """
    if content.containers:
        console.print(containers(content.containers, warn_days))
    if content.containers and content.objects:
        console.print()
    if content.objects:
        console.print(objects(content.objects))


def _cell(text: str, style: str = "") -> Text:
    return Text(clean(text), style)


def _two(upper: str, lower: str, *, top: str = "", serial: bool = False) -> Text:
    """Two lines of one cell, the second one beside the point; a serial number is never broken."""
    below = whole(clean(lower)) if serial else clean(lower)
    return Text.assemble((clean(upper), top), "\n", (below, _SIDE))


def _pin(status: PinStatus | None) -> Text:
    bad = {PinState.LOCKED: _BAD, PinState.FINAL_TRY: _BAD}
    fine = status is None or status.state is PinState.OK
    style = "" if status is None or fine else bad.get(status.state, _LOW)
    return _two(phrases.pin_state(status), phrases.tries_left(status), top=style)


def _certificate(found: Certificate | None) -> Text:
    if found is None:
        return Text("-")
    subject = found.subject if found.subject is not None else found.fingerprint[:16]
    return _two(subject, _("by {issuer}").format(issuer=found.issuer) if found.issuer else "-")


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
