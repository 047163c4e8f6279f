"""Deadlines that are short only once a child is up, which takes as long as it takes."""

from __future__ import annotations

from lockwright.runner import Runner


def hurry(runner: Runner, **seconds: float) -> None:
    """Change the deadlines of a runner whose children are up, which takes as long as it takes."""
    for name, value in seconds.items():
        object.__setattr__(runner.config.deadlines, name, value)
