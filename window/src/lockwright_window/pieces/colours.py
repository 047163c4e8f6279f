"""Colours, without Qt: what the window is drawn in where the system does not say.

How well each is read is the contrast of WCAG 2.2 (w3.org/TR/WCAG22): 4.5 to 1 for text (1.4.3),
7 to 1 where much contrast is wanted (1.4.6), 3 to 1 for what shows where a control is (1.4.11).
"""

from __future__ import annotations

from collections.abc import Mapping

from lockwright.records import dataclass

from lockwright_window.words.weight import Weight

SYSTEM = "system"
"""Not a name of colours: as the system wishes."""


@dataclass(frozen=True, slots=True)
class Colours:
    """Colours that belong together, each as ``#rrggbb``."""

    ground: str
    """Of windows and buttons."""
    field: str
    """Of what is typed into, and of lists."""
    stripe: str
    """Of every second row of a list."""
    text: str
    """Whatever is read on ``ground``, ``field`` and ``stripe``."""
    faint: str
    """Text of what cannot be pressed, which is read all the same: it says what there is."""
    line: str
    """Around what can be pressed or typed into."""
    chosen: str
    """Behind what is chosen, and around what has the focus."""
    on_chosen: str
    """Text on ``chosen``."""
    done: str
    """Of a bar: as much as is done; ``text`` stands on it, too."""
    link: str
    """What leads elsewhere."""
    fine: str
    """Beside a word and a sign: in order."""
    soon: str
    """Beside a word and a sign: to be done soon."""
    wrong: str
    """Beside a word and a sign: wrong."""
    dark: bool
    """Whether it is light on dark."""
    strong: bool = False
    """Whether it has much contrast."""

    def weight(self, weight: Weight) -> str:
        """The colour that stands beside the word and the sign of a weight."""
        told = {Weight.FINE: self.fine, Weight.SOON: self.soon, Weight.WRONG: self.wrong}
        return told.get(weight, self.faint)


SCHEMES: Mapping[str, Colours] = {
    "light": Colours(
        ground="#f3f3f3",
        field="#ffffff",
        stripe="#f7f7f9",
        text="#1a1a1a",
        faint="#6b6b6b",
        line="#757575",
        chosen="#1559b0",
        on_chosen="#ffffff",
        done="#6f93d6",
        link="#0b57b5",
        fine="#1b5e20",
        soon="#7a4f00",
        wrong="#b00020",
        dark=False,
    ),
    "dark": Colours(
        ground="#242629",
        field="#1a1b1d",
        stripe="#202225",
        text="#ececec",
        faint="#a0a0a0",
        line="#8a8d91",
        chosen="#8ab8ff",
        on_chosen="#101214",
        done="#566a8a",
        link="#9cc4ff",
        fine="#9be7a0",
        soon="#ffd54f",
        wrong="#ff9e9e",
        dark=True,
    ),
    "contrast-light": Colours(
        ground="#ffffff",
        field="#ffffff",
        stripe="#ffffff",
        text="#000000",
        faint="#505050",
        line="#000000",
        chosen="#00317a",
        on_chosen="#ffffff",
        done="#6f8fd0",
        link="#00317a",
        fine="#0b4a10",
        soon="#5a3a00",
        wrong="#8a0018",
        dark=False,
        strong=True,
    ),
    "contrast-dark": Colours(
        ground="#000000",
        field="#000000",
        stripe="#000000",
        text="#ffffff",
        faint="#a6e3a6",
        line="#ffffff",
        chosen="#ffe100",
        on_chosen="#000000",
        done="#6a6a6a",
        link="#8fd3ff",
        fine="#b6ffbc",
        soon="#ffd54f",
        wrong="#ffb3b3",
        dark=True,
        strong=True,
    ),
}
"""Every set of colours by its name; the command line takes these names."""


_LINEAR = 0.04045
"""Below it sRGB grows as light does."""


def contrast(one: str, other: str) -> float:
    """How well a colour is told from another: 1 not at all, 21 black from white.

    Args:
        one: ``#rrggbb``.
        other: the same.
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2, of a colour of sRGB."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= _LINEAR else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
