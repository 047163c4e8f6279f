"""An entry point as a file names it, read without what Python has for any metadata.

``importlib.metadata`` brings a parser of mail and takes a tenth of a command's start. It is loaded
for the files of a distribution, and for metadata that is not plain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from importlib.metadata import Distribution, PackagePath

_VALUE = re.compile(r"(?P<module>[\w.]+)\s*(:\s*(?P<attr>[\w.]+)\s*)?((?P<extras>\[.*\])\s*)?$")
"""The object reference of an entry point, as packaging.python.org has it."""
_FIELD = re.compile(rb"(Name|Version): *([\w.+!-]+)\s*$", re.ASCII)
POINTS = "entry_points.txt"
"""The file of a distribution that names its entry points."""


class Origin(Protocol):
    """A distribution, as ``importlib.metadata.Distribution`` is one."""

    @property
    def name(self) -> str: ...  # noqa: D102  # as importlib has it

    @property
    def version(self) -> str: ...  # noqa: D102  # as importlib has it

    @property
    def files(self) -> list[PackagePath] | None: ...  # noqa: D102  # as importlib has it

    def locate_file(self, path: str, /) -> Any: ...  # noqa: D102  # as importlib has it


class Point(Protocol):
    """An entry point, as ``importlib.metadata.EntryPoint`` is one."""

    @property
    def name(self) -> str: ...  # noqa: D102  # as importlib has it

    @property
    def value(self) -> str: ...  # noqa: D102  # as importlib has it

    @property
    def module(self) -> str: ...  # noqa: D102  # as importlib has it

    @property
    def dist(self) -> Origin | None: ...  # noqa: D102  # as importlib has it

    def load(self) -> Any: ...  # noqa: D102  # as importlib has it


class Installed:
    """A distribution in a folder of Python's path.

    Args:
        info: its ``.dist-info`` or ``.egg-info``.
    """

    def __init__(self, info: Path) -> None:
        self._info = info

    @property
    def name(self) -> str:
        """Its name."""
        return self._plain.get(b"Name") or self._whole.name

    @property
    def version(self) -> str:
        """Its version."""
        return self._plain.get(b"Version") or self._whole.version

    @property
    def files(self) -> list[PackagePath] | None:
        """Its files, by its RECORD."""
        return self._whole.files

    def locate_file(self, path: str) -> Path:
        """Where a file of it is."""
        return self._info.parent / path

    def points(self, group: str) -> Iterator[NamedPoint]:
        """Its entry points.

        Args:
            group: of this group.
        """
        try:
            text = (self._info / POINTS).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return
        yield from points_in(text, group, self)

    @cached_property
    def _plain(self) -> dict[bytes, str]:
        """Name and version, where they stand in the metadata once, as nearly all write them."""
        try:
            head = (self._info / "METADATA").read_bytes().replace(b"\r\n", b"\n")
        except OSError:
            return {}
        lines = map(_FIELD.match, head.partition(b"\n\n")[0].split(b"\n"))
        found: list[tuple[bytes, str]] = [(line[1], line[2].decode()) for line in lines if line]
        told = dict(found)
        return told if len(told) == len(found) else {}

    @cached_property
    def _whole(self) -> Distribution:
        from importlib.metadata import Distribution  # noqa: PLC0415  # slow to import

        return Distribution.at(self._info)


class NamedPoint:
    """An entry point.

    Args:
        name: its name.
        value: what it names.
        dist: whose it is.
    """

    def __init__(self, name: str, value: str, dist: Origin) -> None:
        self.name = name
        self.value = value
        self.dist = dist

    @property
    def module(self) -> str:
        """The module that it names, or that what it names is in."""
        return self._parts()[0]

    def load(self) -> Any:
        """Import what it names.

        Raises:
            ValueError: it names nothing.
            Exception: whatever its code raises.
        """
        module, attributes = self._parts()
        found: Any = import_module(module)
        for each in filter(None, attributes.split(".")):
            found = getattr(found, each)
        return found

    def _parts(self) -> tuple[str, str]:
        match = _VALUE.match(self.value)
        if match is None:
            raise ValueError(f"{self.value!r} names no object")
        return match["module"], match["attr"] or ""


def points_in(text: str, group: str, dist: Origin) -> Iterator[NamedPoint]:
    """The entry points that a file names; a line that is none names nothing that can be imported.

    Args:
        text: what is in the file.
        group: of this group.
        dist: whose they are.
    """
    section = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif section == group and not line.startswith("#"):
            name, _equals, value = line.partition("=")
            yield NamedPoint(name.strip(), value.strip(), dist)
