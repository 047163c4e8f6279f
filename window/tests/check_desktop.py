"""What a desktop shows of the window: entry in the menu, page and icon, by desktops' tools."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from opened_window import Opened
from PySide6.QtGui import QColor, QImage
from window_home import Home
from window_screen import Screen

WINDOW = Path(__file__).parents[1]
PICTURES = WINDOW / "src" / "lockwright_window" / "pictures"
SIZES = (16, 24, 32, 48, 64, 128, 256)


def test_the_entry_in_the_menu_is_as_the_specification_wants_it() -> None:
    """desktop-file-validate of desktop-file-utils, which says nothing where all is well."""
    entry = WINDOW / "share" / "applications" / "lockwright-window.desktop"
    done = subprocess.run(
        ["desktop-file-validate", str(entry)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_a_software_centre_shows_is_as_the_specification_wants_it() -> None:
    """appstreamcli; the name should begin with a domain of the project's, and it has none."""
    about = WINDOW / "share" / "metainfo" / "lockwright-window.metainfo.xml"
    ask = ("appstreamcli", "validate", "--no-net", "--no-color", str(about))
    told = subprocess.run(ask, capture_output=True, text=True, check=False).stdout
    found = re.findall(r"^[EWI]: \S+ (\S+)", told, re.MULTILINE)
    assert found == ["cid-desktopapp-is-not-rdns", "cid-contains-hyphen"], told


@pytest.mark.parametrize("size", SIZES)
def test_each_picture_is_of_its_size_and_drawn_from_the_svg(size: int, tmp_path: Path) -> None:
    drawn = tmp_path / "drawn.png"
    svg = PICTURES / "lockwright-window.svg"
    subprocess.run(["rsvg-convert", "-w", str(size), "-h", str(size), "-o", drawn, svg], check=True)
    kept, anew = QImage(str(PICTURES / f"lockwright-window-{size}.png")), QImage(str(drawn))
    assert (kept.width(), kept.height()) == (size, size)
    assert far_apart(kept, anew) < 0.01  # versions of librsvg differ at edges


def far_apart(one: QImage, other: QImage) -> float:
    """How many of the points of a picture are another colour in the other, as a part of all."""
    points = [(x, y) for x in range(one.width()) for y in range(one.height())]
    found = sum(_differ(one.pixelColor(x, y), other.pixelColor(x, y)) for x, y in points)
    return found / len(points)


def _differ(one: QColor, other: QColor) -> bool:
    parts = ((each.red(), each.green(), each.blue(), each.alpha()) for each in (one, other))
    return any(abs(a - b) > 32 for a, b in zip(*parts, strict=True))


def test_the_window_shows_its_icon(
    home: Home, screen: Screen, open_window: Callable[..., Opened]
) -> None:
    """It is on its frame (_NET_WM_ICON of the Extended Window Manager Hints)."""
    with open_window(home) as window:
        window.wait_for("Tokens", "tokens")
        found = screen.run("xdotool", "search", "--onlyvisible", "--pid", str(window.pid)).split()
        shown = "".join(screen.run("xprop", "-id", each, "_NET_WM_ICON") for each in found)
    sizes = {int(each) for each in re.findall(r"Icon \((\d+) x \1\)", shown)}
    assert len(sizes) > 2
    assert sizes <= set(SIZES)
