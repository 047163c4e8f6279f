"""Enrolment: by hand, or with a CA from the order to the proved certificate."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lockwright.operations.enrolment import authorities as authorities
    from lockwright.operations.enrolment import by_hand as by_hand
    from lockwright.operations.enrolment import renewals as renewals
    from lockwright.operations.enrolment import storages as storages
    from lockwright.operations.enrolment import with_ca as with_ca

_LATE = frozenset({"authorities", "by_hand", "renewals", "storages", "with_ca"})
"""What is imported when it is first used."""


def __getattr__(name: str) -> object:
    if name in _LATE:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
