"""Draws lines over two logarithmic axes as an SVG, for light and dark pages.

Written here since it is checked to be of its figures wherever tests run, byte for byte, which
would bring a drawing library into every set-up; of the light ones, pygal has no logarithmic x axis.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 900, 480
_TOP, _BOTTOM, _LEFT, _GAP = 56, 142, 62, 36
_LEGEND, _ROW, _COLUMNS = 72, 22, 3
_MARGIN = 0.06
"""Room beside the first and last point, as a share of the axis."""
_STYLE = """
svg { font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif }
.paper { fill: #ffffff } .ink { fill: #1f2328 } .faint { fill: #59636e }
.grid { stroke: #d8dee4 } .axis { stroke: #818b98 }
.line { fill: none; stroke-width: 2 } .dashed { stroke-dasharray: 6 4 }
.title { font-size: 15px; font-weight: 600 }
"""
_DARK = """
.paper { fill: #0d1117 } .ink { fill: #e6edf3 } .faint { fill: #9198a1 }
.grid { stroke: #2a313c } .axis { stroke: #656c76 }
"""


@dataclass(frozen=True)
class Look:
    """How a line looks."""

    light: str
    """Its colour on a light page."""
    dark: str
    """Its colour on a dark one."""
    mark: str
    """``circle``, ``square``, ``diamond`` or ``triangle``."""
    dashed: bool = False


@dataclass(frozen=True)
class Line:
    """A line with its points."""

    name: str
    look: Look
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Panel:
    """A pair of axes."""

    title: str
    """What y is, with its unit."""
    x_title: str
    """What x is, with its unit."""
    lines: Sequence[Line]


def drawn(panels: Sequence[Panel], about: str) -> str:
    """The picture.

    Args:
        panels: what stands side by side; all have lines of the same names, for one legend.
        about: what a screen reader says of it.
    """
    looks = [line.look for line in panels[0].lines]
    width = (WIDTH - len(panels) * (_LEFT + _GAP)) / len(panels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(about)}</title>",
        f"<style>{_style(looks)}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}" rx="6"/>',
    ]
    for at, panel in enumerate(panels):
        left = _LEFT + at * (width + _LEFT + _GAP)
        parts += _Axes(panel, left, width).parts()
    parts += _legend(panels[0].lines)
    return "\n".join([*parts, "</svg>\n"])


class _Axes:
    """One panel, and where on the page its values are."""

    def __init__(self, panel: Panel, left: float, width: float) -> None:
        self._panel = panel
        self._left, self._width = left, width
        self._height = HEIGHT - _TOP - _BOTTOM
        points = [point for line in panel.lines for point in line.points]
        self._sizes = sorted({x for x, _y in points})
        self._x = _ends(self._sizes)
        self._y = _ends([y for _x, y in points])

    def parts(self) -> Iterator[str]:
        """Grid, titles, lines."""
        base, right = _TOP + self._height, self._left + self._width
        yield _text(self._left, _TOP - 22, self._panel.title, "ink title")
        for value in _decades(*self._y):
            y = self._at_y(value)
            yield _rule(self._left, y, right, y, "grid")
            yield _text(self._left - 8, y + 4, _number(value), "faint", "end")
        for value in self._sizes:
            x = self._at_x(value)
            yield _rule(x, _TOP, x, base, "grid")
            yield _text(x, base + 19, _number(value), "faint", "middle")
        yield _rule(self._left, base, right, base, "axis")
        yield _rule(self._left, _TOP, self._left, base, "axis")
        middle = self._left + self._width / 2
        yield _text(middle, base + 41, self._panel.x_title, "ink", "middle")
        for number, line in enumerate(self._panel.lines):
            yield from _line(number, line.look, [self._at(*point) for point in line.points])

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return self._at_x(x), self._at_y(y)

    def _at_x(self, value: float) -> float:
        return self._left + self._width * _share(value, *self._x)

    def _at_y(self, value: float) -> float:
        return _TOP + self._height * (1 - _share(value, *self._y))


def _legend(lines: Sequence[Line]) -> Iterator[str]:
    step = (WIDTH - _LEFT) / _COLUMNS
    for number, line in enumerate(lines):
        row, column = divmod(number, _COLUMNS)
        x, y = _LEFT + column * step, HEIGHT - _LEGEND + row * _ROW
        yield from _line(number, line.look, [(x, y), (x + 15, y), (x + 30, y)], marked=1)
        yield _text(x + 38, y + 4, line.name, "ink")


def _line(
    number: int, look: Look, points: Sequence[tuple[float, float]], marked: int | None = None
) -> Iterator[str]:
    """A line, and a mark at its points or at one of them."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = " dashed" if look.dashed else ""
    yield f'<polyline class="line{dashed} s{number}" points="{path}"/>'
    for x, y in points if marked is None else [points[marked]]:
        yield f'<path class="m{number}" d="{_mark(look.mark, x, y)}"/>'


def _mark(kind: str, x: float, y: float) -> str:
    r = 4.5
    corners = {
        "square": [(-r, -r), (r, -r), (r, r), (-r, r)],
        "diamond": [(0, -r - 1), (r + 1, 0), (0, r + 1), (-r - 1, 0)],
        "triangle": [(0, -r - 1), (r + 1, r), (-r - 1, r)],
        "circle": [
            (r * math.cos(a * math.pi / 6), r * math.sin(a * math.pi / 6)) for a in range(12)
        ],
    }[kind]
    return "M" + "L".join(f"{x + dx:.1f} {y + dy:.1f}" for dx, dy in corners) + "Z"


def _style(looks: Sequence[Look]) -> str:
    dark = f"{_DARK}{_colours(looks, dark=True)}"
    return f"{_STYLE}{_colours(looks)}@media (prefers-color-scheme: dark) {{{dark}}}"


def _colours(looks: Sequence[Look], *, dark: bool = False) -> str:
    rules = (
        f".s{n} {{ stroke: {colour} }} .m{n} {{ fill: {colour} }}\n"
        for n, colour in enumerate(look.dark if dark else look.light for look in looks)
    )
    return "".join(rules)


def _ends(values: Sequence[float]) -> tuple[float, float]:
    """Logarithms of the ends of an axis."""
    least, most = math.log10(min(values)), math.log10(max(values))
    room = (most - least) * _MARGIN or _MARGIN
    return least - room, most + room


def _share(value: float, least: float, most: float) -> float:
    return (math.log10(value) - least) / (most - least)


def _decades(least: float, most: float) -> list[float]:
    return [10.0**power for power in range(math.ceil(least), math.floor(most) + 1)]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def _rule(x: float, y: float, to_x: float, to_y: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"/>'


def _text(x: float, y: float, words: str, kind: str, anchor: str = "start") -> str:
    at = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {at}>{escape(words)}</text>'
