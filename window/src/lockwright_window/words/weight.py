"""How much something matters: told by a word and a sign, and by a colour only beside them."""

from __future__ import annotations

from enum import Enum


class Weight(Enum):
    """How much it matters."""

    FINE = "fine"
    SOON = "soon"
    WRONG = "wrong"
    UNKNOWN = "unknown"

    @property
    def sign(self) -> str:
        """One character, which every font has or the system finds in another."""
        return {"fine": "✓", "soon": "!", "wrong": "✗", "unknown": "?"}[self.value]
