"""Which tokens are one device: applets of a card have a slot each, and one reader."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lockwright.models import Token
from lockwright.records import dataclass


@dataclass(frozen=True, slots=True)
class Device:
    """What a person holds in the hand."""

    module: Path
    """The module that shows it."""
    reader: str
    """Its reader (``CK_SLOT_INFO.slotDescription``); empty if the module does not say."""
    tokens: tuple[Token, ...]
    """Its tokens, one for each applet; each has PINs of its own."""


def devices(tokens: Iterable[Token]) -> tuple[Device, ...]:
    """Tokens by their device, in the order in which they were found.

    Tokens that one module shows in slots of the same description are applets of one device: PC/SC
    gives every reader a name of its own. A slot without a description says nothing.
    """
    found: dict[tuple[Path, str, int | None], list[Token]] = {}
    for token in tokens:
        identity = token.identity
        reader = identity.slot_description
        key = (identity.module.path, reader, None if reader else identity.slot)
        found.setdefault(key, []).append(token)
    return tuple(Device(key[0], key[1], tuple(applets)) for key, applets in found.items())
