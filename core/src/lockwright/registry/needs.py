"""What an adapter's modules need of the system beside their own file."""

from __future__ import annotations

from pathlib import Path

from lockwright.adapter import StandardAdapter
from lockwright.models.settings import Settings
from lockwright.records import dataclass


@dataclass(frozen=True, slots=True)
class Needs:
    """What an adapter says that its modules need."""

    pcsc: bool = False
    """Whether they reach tokens through the PC/SC service."""
    places: tuple[Path, ...] = ()
    """Files that they read and folders that they write to."""


def needs_of(adapter: object, settings: Settings) -> Needs:
    """What an adapter needs; one that is not derived from ``StandardAdapter`` has not said.

    Args:
        adapter: the plugin.
        settings: its table of the configuration.

    Raises:
        BrokenConfiguration: the table holds what means nothing.
    """
    if not isinstance(adapter, StandardAdapter):
        return Needs()
    places = adapter.places(adapter.choice(settings))
    return Needs(pcsc=bool(adapter.needs_pcsc), places=tuple(map(Path, places)))
