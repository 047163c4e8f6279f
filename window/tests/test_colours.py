"""Whether each of the window's colours is told from what it stands on, by WCAG 2.2."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lockwright_window.pieces.colours import SCHEMES, Colours, contrast

TEXT, MUCH, LINE = 4.5, 7.0, 3.0
"""WCAG 2.2: 1.4.3, 1.4.6, and 1.4.11."""


def pairs(colours: Colours) -> Iterator[tuple[str, str, str, float]]:
    """What is told from what: both names, on which, and how well it has to be."""
    text = MUCH if colours.strong else TEXT
    for ground in ("ground", "field", "stripe"):
        for name in ("text", "link", "fine", "soon", "wrong", "faint"):
            yield name, ground, getattr(colours, ground), text
        for name in ("line", "chosen"):
            yield name, ground, getattr(colours, ground), LINE
    yield "text", "done", colours.done, TEXT
    yield "done", "field", colours.field, LINE
    yield "on_chosen", "chosen", colours.chosen, text


def test_contrast_is_that_of_wcag() -> None:
    """The values of its own examples: black on white, and #777777, which just fails."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("name", SCHEMES)
def test_every_colour_is_told_from_what_it_stands_on(name: str) -> None:
    colours = SCHEMES[name]
    found = {
        f"{what} on {ground}": round(contrast(getattr(colours, what), under), 2)
        for what, ground, under, least in pairs(colours)
        if contrast(getattr(colours, what), under) < least
    }
    assert found == {}
