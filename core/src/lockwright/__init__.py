"""The life of crypto tokens in a bank: see, unblock, clean, enrol."""

from __future__ import annotations

__version__ = "0.1.0"
