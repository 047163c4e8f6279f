"""Entry points of what is installed, also of a distribution that has left metadata behind."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

from lockwright.contract.markers import PROJECT
from lockwright.models.plugin_pins import canonical
from lockwright.registry.plugin import origin
from lockwright.registry.point import POINTS, Installed, Point, points_in

if TYPE_CHECKING:
    from importlib.metadata import Distribution

_INFO = (".dist-info", ".egg-info")


def installed() -> Iterator[Point]:
    """Every entry point of ours.

    Of distributions of one name Python shows the first alone. One in a folder that comes later on
    its path is hidden, and so is its code. Of two in the same folder, as a half-done upgrade leaves
    them, nobody can say whose the code is, so both are shown.
    """
    folders: dict[str, str] = {}
    shown: set[tuple[str, str, str]] = set()
    for points in _of_each_distribution():
        first = points[0]
        name, version = origin(first)
        folder = os.path.realpath(str(first.dist.locate_file(""))) if first.dist else ""
        if name and folders.setdefault(canonical(name), folder) != folder:
            continue
        if (name, version, folder) not in shown or not name:
            shown.add((name, version, folder))
            yield from points


def _of_each_distribution() -> Iterator[list[Point]]:
    """The entry points of each distribution that has some."""
    if all(map(_is_plain, sys.path)) and not any(map(_finds, sys.meta_path)):
        for folder in map(Path, sys.path):
            for info in _infos(folder):
                if points := list(Installed(info).points(PROJECT)):
                    yield [*points]
        return
    from importlib.metadata import distributions  # noqa: PLC0415  # slow to import

    for distribution in distributions():
        if found := list(points_in(_text(distribution), PROJECT, distribution)):
            yield [*found]


def _text(distribution: Distribution) -> str:
    """What is in its file of entry points; nothing if that cannot be read, whoever wrote it."""
    try:
        return distribution.read_text(POINTS) or ""
    except (OSError, UnicodeDecodeError):
        return ""


def _infos(folder: Path) -> Iterator[Path]:
    try:
        names = os.listdir(folder)  # noqa: PTH208  # hundreds of names, of which few are wanted
    except OSError:
        return
    yield from (folder / name for name in names if name.lower().endswith(_INFO))


def _is_plain(entry: str) -> bool:
    """Whether a part of Python's path is a folder, or nothing; an archive is read by Python."""
    return not entry.endswith(".egg") and not os.path.isfile(entry)  # noqa: PTH113  # hot


def _finds(finder: object) -> bool:
    """Whether it brings distributions that are not in a folder of Python's path."""
    return finder is not PathFinder and hasattr(finder, "find_distributions")
