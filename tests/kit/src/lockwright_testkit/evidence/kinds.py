"""What a token was that something is known of."""

from __future__ import annotations

SIMULATOR, SOFTWARE, REAL = KINDS = ("simulator", "software", "real")
