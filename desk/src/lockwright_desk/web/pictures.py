"""Bars: where each one stands in its picture, in the picture's own units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 200
"""Units of a picture with columns."""
_LEFT, _BOTTOM, _TOP = 36, 24, 12
_GAP = 0.25


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Columns:
    """A picture with a column for each count."""

    bars: Sequence[Bar]
    lines: Sequence[tuple[float, int]]
    """Lines across: how high, and what they stand for."""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    ground: int = HEIGHT - _BOTTOM
    """Where the columns stand."""


def columns(counts: Sequence[int]) -> Columns:
    """Columns from left to right."""
    top = round_up(max(counts, default=0))
    room, high = WIDTH - _LEFT, HEIGHT - _BOTTOM - _TOP
    each = room / max(1, len(counts))
    bars = [
        Bar(
            x=round(_LEFT + at * each + each * _GAP / 2, 2),
            y=round(_TOP + high * (1 - count / top), 2),
            width=round(each * (1 - _GAP), 2),
            height=round(high * count / top, 2),
        )
        for at, count in enumerate(counts)
    ]
    marks = sorted({0, top // 2, top} if top > 1 else {0, top})
    return Columns(bars, [(round(_TOP + high * (1 - mark / top), 2), mark) for mark in marks])


def shares(counts: Sequence[int]) -> Sequence[float]:
    """How long each bar is, the longest 100."""
    most = max(counts, default=0) or 1
    return [round(100 * count / most, 2) for count in counts]


def round_up(most: int) -> int:
    """A round number that is not less: 1, 2 or 5 and zeros behind it; an even one beyond 1."""
    step = 1
    while True:
        for digit in (1, 2, 5):
            if digit * step >= most and (digit * step == 1 or digit * step % 2 == 0):
                return digit * step
        if step * 10 >= most > 5 * step:
            return step * 10
        step *= 10
