"""The contract: every hook, declared once, with what the core must know of it."""

from __future__ import annotations
