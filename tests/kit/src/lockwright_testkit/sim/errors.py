"""What goes wrong with a simulator, told so that its user can mend it."""

from __future__ import annotations


class SimulatorError(RuntimeError):
    """A simulator's folder, or what was asked of it, is not right."""
