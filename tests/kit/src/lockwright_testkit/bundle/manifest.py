"""``bundle.json``: what a bundle was made of, and whom it fits."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

from lockwright_testkit.bundle.finding import text

FILE = "bundle.json"
FORMAT = 1

_PYTHON = re.compile(r"3\.\d{1,3}")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel of a bundle."""

    name: str
    """Name of the distribution, normalised as in PEP 503."""
    version: str
    file: str
    """Its file, from the bundle's folder on, parted by slashes."""
    sha256: str
    """Hexadecimal."""
    tags: tuple[str, ...]
    """Python, ABI and platform, such as ``cp311-cp311-manylinux_2_28_x86_64``."""
    licence: str
    """What its metadata say: an SPDX expression, or a name."""
    ours: bool
    """Whether it was built from the commit; the others are as their authors published them."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``bundle.json`` says."""

    version: str
    """Of lockwright."""
    commit: str
    """The commit that our wheels were built from, hexadecimal."""
    committed: int
    """Its time, in seconds since 1970: ``SOURCE_DATE_EPOCH`` of the build."""
    asked: tuple[str, ...]
    """The distributions that were asked for, as requirements without a version."""
    python: str
    """The Python that it installs on, such as ``3.11``."""
    environment: Mapping[str, str]
    """What markers of dependencies are judged by (PEP 508), as that Python has it."""
    platforms: tuple[str, ...]
    """Platform tags, one of which a system must have; empty where every wheel fits any."""
    glibc: str | None
    """The oldest glibc that it installs on, such as ``2.34``; None where none is needed."""
    wheels: tuple[Wheel, ...]

    def table(self) -> list[str]:
        """A line for each wheel: its name and version, and its licence, below each other."""
        titles = [f"{each.name} {each.version}" for each in self.wheels]
        widest = max(map(len, titles), default=0)
        rows = zip(titles, self.wheels, strict=True)
        return [f"{title:<{widest}}  {each.licence}" for title, each in rows]

    def write(self, folder: Path) -> None:
        """Write ``bundle.json``, the same for the same manifest."""
        document = {"format": FORMAT, **dataclasses.asdict(self)}
        lines = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        (folder / FILE).write_text(lines, encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read ``bundle.json``.

        Raises:
            OSError: it cannot be read.
            ValueError: it is not what this version of the kit can judge; the text says why.
        """
        fields = _Fields(json.loads(text(folder, FILE)))
        if fields.given("format", int) != FORMAT:
            raise ValueError(f"it is not of format {FORMAT}, which alone is known here")
        return cls(
            version=fields.given("version", str),
            commit=fields.given("commit", str),
            committed=fields.given("committed", int),
            asked=fields.texts("asked"),
            python=_python(fields.given("python", str)),
            environment=fields.pairs("environment"),
            platforms=fields.texts("platforms"),
            glibc=None if fields.is_null("glibc") else fields.given("glibc", str),
            wheels=tuple(_wheel(_Fields(each)) for each in fields.given("wheels", list)),
        )


def _python(version: str) -> str:
    if _PYTHON.fullmatch(version):
        return version
    raise ValueError(f"python is {version}, not such as 3.11")


def _wheel(fields: _Fields) -> Wheel:
    return Wheel(
        name=fields.given("name", str),
        version=fields.given("version", str),
        file=fields.given("file", str),
        sha256=fields.given("sha256", str),
        tags=fields.texts("tags"),
        licence=fields.given("licence", str),
        ours=fields.given("ours", bool),
    )


class _Fields:
    """The fields of a JSON object, each asked for by its type."""

    def __init__(self, document: object) -> None:
        if not isinstance(document, dict):
            raise ValueError("what should be an object is none")  # noqa: TRY004  # as json says it
        self._document = document

    def given(self, name: str, kind: type[T]) -> T:
        value = self._document.get(name)
        if type(value) is kind:
            return value
        raise ValueError(f"{name} is missing, or is no {kind.__name__}")

    def texts(self, name: str) -> tuple[str, ...]:
        found = self.given(name, list)
        if all(isinstance(each, str) for each in found):
            return tuple(found)
        raise ValueError(f"{name} is no list of texts")

    def pairs(self, name: str) -> dict[str, str]:
        found = self.given(name, dict)
        if all(isinstance(each, str) for pair in found.items() for each in pair):
            return found
        raise ValueError(f"{name} is no object of texts")

    def is_null(self, name: str) -> bool:
        return name in self._document and self._document[name] is None
