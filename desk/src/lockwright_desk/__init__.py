"""The bank's side of lockwright: one-time passwords, and certificates enrolled with them."""

from __future__ import annotations

__version__ = "0.1.0"
