"""The session port, and the standard operations over it."""

from __future__ import annotations
