"""A hook called: exactly one adapter, or one CA client, through every wrapper."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lockwright.calls import adapters as adapters
    from lockwright.calls import authorities as authorities

_LATE = frozenset({"adapters", "authorities"})
"""What is imported when it is first used."""


def __getattr__(name: str) -> object:
    if name in _LATE:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
