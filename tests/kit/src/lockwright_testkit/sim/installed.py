"""Personalities of other distributions, which their entry points name.

An author of an adapter has the C file of a vendor's token in a package of their own::

    [project.entry-points."lockwright_testkit.personalities"]
    acme = "lockwright_acme"

``acme`` is then the personality, and ``acme.c`` in that package its source. An entry point may
also name a ``Personality`` that Python made, for a serial number in the vendor's form and the like;
its ``name`` is the entry point's.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points

from lockwright_testkit.sim.errors import SimulatorError

GROUP = "lockwright_testkit.personalities"


@cache
def _points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def names() -> list[str]:
    """The names of the personalities that other distributions bring."""
    return sorted(_points())


def load(name: str) -> object:
    """What the entry point of a name stands for.

    Raises:
        SimulatorError: it cannot be loaded.
    """
    point = _points()[name]
    try:
        return point.load()
    except Exception as error:  # foreign code: anything may come
        told = f"{type(error).__name__}: {error}"
        raise SimulatorError(f"the personality {name} ({point.value}) fails: {told}") from error
