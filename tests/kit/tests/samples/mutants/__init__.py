"""Adapters that break the contract in one way each, and the tests that must find it.

One stands for each promise of the contract; a promise without one fails a test.
"""

from __future__ import annotations

from mutants import (
    caring,
    detecting,
    enrolling,
    listing,
    removing,
    requesting,
    ruling,
    unblocking,
)
from mutants.breaking import MUTANTS

__all__ = [
    "MUTANTS",
    "caring",
    "detecting",
    "enrolling",
    "listing",
    "removing",
    "requesting",
    "ruling",
    "unblocking",
]
