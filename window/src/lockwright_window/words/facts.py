"""What is known of a token itself, a name and a value each."""

from __future__ import annotations

from collections.abc import Iterator

from lockwright.certificates import key_names
from lockwright.cli import phrases
from lockwright.console.clean import clean
from lockwright.i18n import _
from lockwright.models import LabelBy, Memory, PinState, PinStatus, Token
from lockwright.records import dataclass

from lockwright_window.words.named import called
from lockwright_window.words.weight import Weight


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known, or unknown."""

    name: str
    """What it is about."""
    value: str
    """What is so, in words."""
    weight: Weight = Weight.FINE
    """How much it matters."""


def pin_fact(name: str, status: PinStatus | None) -> Fact:
    """A PIN in words: its state, tries left, unblocks left.

    Args:
        name: which PIN, in the language in use.
        status: how it is; None where nothing is known.
    """
    told = [phrases.pin_state(status), phrases.tries_left(status)]
    return Fact(name, ", ".join(told), pin_weight(status))


def pin_weight(status: PinStatus | None) -> Weight:
    """How much the state of a PIN matters."""
    if status is None:
        return Weight.UNKNOWN
    if status.state is PinState.OK:
        return Weight.FINE
    return Weight.SOON if status.state is PinState.COUNT_LOW else Weight.WRONG


def unblocks_left(status: PinStatus | None) -> str:
    """How many unblocks are left."""
    left = None if status is None else status.unblocks_left
    return phrases.unknown() if left is None else str(left)


def used(memory: Memory | None) -> int | None:
    """How much of a token's memory is used, in per cent; None where it does not say."""
    if memory is None or memory.total <= 0:
        return None
    return min(100, max(0, round(100 * (memory.total - memory.free) / memory.total)))


def facts(token: Token) -> Iterator[Fact]:
    """Everything that is known of a token, in the language in use."""
    identity, state = token.identity, token.state
    yield Fact(_("Label"), called(identity))
    yield Fact(_("Serial number"), clean(identity.serial) or phrases.unknown())
    yield Fact(_("Model"), clean(identity.model) or phrases.unknown())
    yield Fact(_("Manufacturer"), clean(identity.manufacturer) or phrases.unknown())
    yield pin_fact(_("User PIN"), state.user_pin)
    yield Fact(_("Unblocks left"), unblocks_left(state.user_pin))
    yield pin_fact(_("SO PIN"), state.so_pin)
    if state.puk is not None:
        yield pin_fact(_("PUK"), state.puk)
    yield Fact(_("Memory"), phrases.memory(state.memory))
    yield Fact(_("PIN length in bytes"), _range(state.pin_lengths))
    if traits := phrases.traits(identity):
        yield Fact(_("Unusual"), ", ".join(traits), Weight.SOON)
    yield from _can(token)
    yield Fact(_("Reader"), clean(identity.slot_description) or phrases.unknown())
    yield Fact(_("Module"), clean(str(identity.module.path)))


def _can(token: Token) -> Iterator[Fact]:
    can = token.state.capabilities
    ways = ", ".join(phrases.unblock_way(way) for way in sorted(can.unblock_sets_pin))
    yield Fact(_("A new PIN by"), ways or _("no way"))
    kept = ", ".join(phrases.unblock_way(way) for way in sorted(can.unblock_keeps_pin))
    if kept:
        yield Fact(_("Unblocked with the old PIN by"), kept)
    yield Fact(_("Keys it makes"), ", ".join(map(key_names.in_words, can.key_types)) or "-")
    yield Fact(_("Cleaned at once"), _yes(is_so=can.wipe))
    yield Fact(_("Erased by its administrator"), _yes(is_so=can.erase))
    label_by = {LabelBy.USER: _("by the user"), LabelBy.SO: _("by the administrator"), None: "-"}
    yield Fact(_("Another label"), label_by[can.label_by])


def _yes(*, is_so: bool) -> str:
    return _("yes") if is_so else _("no")


def _range(numbers: tuple[int, int] | None) -> str:
    if numbers is None:
        return phrases.unknown()
    return _("{least} to {most}").format(least=numbers[0], most=numbers[1])
