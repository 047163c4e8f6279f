"""Tokens and their contents as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from lockwright.certificates import key_names
from lockwright.cli import certificates, phrases
from lockwright.cli.cells import BAD, LOW, SIDE, cell, lines, validity
from lockwright.console.blocks import Facts
from lockwright.console.clean import clean
from lockwright.console.grid import Grid
from lockwright.console.screen import Console
from lockwright.console.text import Text
from lockwright.console.wrapping import whole
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

_BRANCH, _LAST_BRANCH = ("├ ", "│ "), ("└ ", "  ")
"""What stands before the tokens of a device that has several."""


def devices(found: Sequence[Device]) -> Grid:
    """Every token that is connected; those of one device are under its reader."""
    table = Grid(_("Token"), _("Model"), _("User PIN"), _("Memory"), _("Adapter"))
    for device in found:
        if len(device.tokens) == 1:
            table.add_row(*_token(device.tokens[0]))
            continue
        number = len(device.tokens)
        told = ngettext("a device with {n} token", "a device with {n} tokens", number)
        reader, told = clean(device.reader), told.format(n=number)
        table.add_heading(Text.of((reader, SIDE), "  ", (told, SIDE)))
        for token in device.tokens[:-1]:
            table.add_row(*_token(token), branch=_BRANCH)
        table.add_row(*_token(device.tokens[-1]), branch=_LAST_BRANCH)
    return table


def _token(token: Token) -> Iterable[Text]:
    """The cells of a token."""
    identity, state = token.identity, token.state
    label, serial = cell(identity.label or _("(no label)")), whole(clean(identity.serial))
    yield Text.of(label, "\n", (serial, SIDE))
    yield lines(identity.model, identity.manufacturer)
    yield _pin(token) if token.adapter else Text("-")
    yield Text(phrases.memory(state.memory)) if token.adapter else Text("-")
    yield (
        Text(token.adapter)
        if token.adapter
        else lines(_("none"), in_words(token.reason), style=LOW)
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
    facts = (
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
    return Facts((name, cell(value)) for name, value in facts)


def containers(content: Iterable[Container], warn_days: int, *, in_full: bool = False) -> Grid:
    """Keys with their certificates.

    Args:
        content: the containers.
        warn_days: days before its end from which a certificate is marked.
        in_full: show whole names, and what is odd.
    """
    now = datetime.now(UTC)
    table = Grid(_("Container"), _("Key"), _("Certificate"), _("Valid to"))
    for container in content:
        first, *more = container.certificates or (None,)
        table.add_row(
            _named(container),
            lines(
                _key_type(container.key_type),
                phrases.container_state(container.state),
                *map(phrases.remark, container.remarks),
            ),
            _certificate(first, in_full=in_full),
            validity(first, now, warn_days),
        )
        for certificate in more:
            told = _certificate(certificate, in_full=in_full)
            table.add_row("", "", told, validity(certificate, now, warn_days))
    return table


def objects(found: Iterable[TokenObject], names: Mapping[str, str]) -> Grid:
    """Objects that are in no container.

    Args:
        found: the objects.
        names: what names each of them, by ``ref``.
    """
    table = Grid(_("Object"), _("Label"), _("Id"), _("Name for delete"))
    for obj in found:
        table.add_row(
            lines(*phrases.what(obj)),
            cell(obj.label or "-"),
            cell(obj.id.hex() or "-"),
            cell(names[obj.ref]),
        )
    return table


def show(console: Console, listed: Listing, warn_days: int, *, in_full: bool = False) -> None:
    """Show containers, and below them what is in none.

    Args:
        console: where to.
        listed: what is on a token.
        warn_days: days before its end from which a certificate is marked.
        in_full: whether names are shown whole.
    """
    if listed.containers:
        console.print(containers(listed.containers, warn_days, in_full=in_full))
    if listed.containers and listed.objects:
        console.print()
    if listed.objects:
        console.print(objects(listed.objects, listed.selectors))


def _pin(token: Token) -> Text:
    """The user PIN, and what is unusual about the token's use, a line each."""
    status = token.state.user_pin
    told = _state(status)
    for words in phrases.traits(token.identity):
        told.append(f"\n{words}", LOW)
    return told


def _state(status: PinStatus | None) -> Text:
    bad = {PinState.LOCKED: BAD, PinState.FINAL_TRY: BAD}
    fine = status is None or status.state is PinState.OK
    style = "" if status is None or fine else bad.get(status.state, LOW)
    return lines(phrases.pin_state(status), phrases.tries_left(status), style=style)


def _certificate(found: Certificate | None, *, in_full: bool) -> Text:
    if found is None:
        return Text("-")
    more = certificates.in_full(found) if in_full else ()
    return lines(certificates.called(found), certificates.issued_by(found), *more)


def _named(container: Container) -> Text:
    """A container's name and id, and what names it for ``delete`` where neither of them does."""
    key_id, selector = container.id.hex(), container.selector
    more = () if selector in {key_id, container.name} else (_("delete: {}").format(selector),)
    return lines(container.name, key_id or "-", *more)


def _key_type(told: str | None) -> str:
    return key_names.in_words(told) if told else phrases.unknown()


def _range(numbers: tuple[int, int] | None) -> str:
    if numbers is None:
        return phrases.unknown()
    return _("{least} to {most}").format(least=numbers[0], most=numbers[1])


def _number(status: PinStatus | None) -> str:
    """Unblocks left, where the token says a number."""
    left = None if status is None else status.unblocks_left
    return phrases.unknown() if left is None else str(left)
