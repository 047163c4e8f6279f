"""Entry points of what is installed, also of a distribution that has left metadata behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.metadata import EntryPoint, distributions

from lockwright.contract.markers import PROJECT
from lockwright.models.plugin_pins import canonical
from lockwright.registry.plugin import origin


def installed() -> Iterator[EntryPoint]:
    """Every entry point of ours.

    Of distributions of one name Python shows the first alone. One in a folder that comes later on
    its path is hidden, and so is its code. Of two in the same folder, as a half-done upgrade leaves
    them, nobody can say whose the code is, so both are shown.
    """
    folders: dict[str, str] = {}
    shown: set[tuple[str, str, str]] = set()
    for distribution in distributions():
        points = distribution.entry_points.select(group=PROJECT)
        if not points:
            continue
        name, version = origin(next(iter(points)))
        folder = os.path.realpath(str(distribution.locate_file("")))
        if name and folders.setdefault(canonical(name), folder) != folder:
            continue
        if (name, version, folder) not in shown or not name:
            shown.add((name, version, folder))
            yield from points
