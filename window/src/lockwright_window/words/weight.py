"""How much something matters: told by a word and a sign, and by a colour only beside them."""

from __future__ import annotations

from enum import Enum


class Weight(Enum):
    """How much it matters."""

    FINE = "fine"
    SOON = "soon"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    PLAIN = "plain"
    """It is neither good nor bad: nothing stands before it."""

    @property
    def sign(self) -> str:
        """One character, which every font has or the system finds in another."""
        return _SIGNS[self.value]


_SIGNS = {"fine": "✓", "soon": "!", "wrong": "✗", "unknown": "?", "plain": ""}
