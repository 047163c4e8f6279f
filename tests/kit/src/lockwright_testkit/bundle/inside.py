"""What a wheel says of itself: its metadata, its tags, the texts of its licences."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from functools import cached_property
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from lockwright_testkit.bundle import archive

_OF_A_LICENCE = re.compile(r"licen[cs]e|copying|notice", re.IGNORECASE)
_CLASSIFIER = "License :: OSI Approved :: "
_LONGEST = 60
"""Characters of a licence's name; what is longer is its text, put into the wrong field."""


class NoWheel(Exception):
    """A file is no wheel; the text says why."""


@dataclass(frozen=True)
class Inside:
    """A wheel, opened.

    Args:
        file: its path.

    Raises:
        NoWheel: it is none.
    """

    file: Path

    def __post_init__(self) -> None:
        try:
            if self.file.is_symlink() or not self.file.is_file():
                raise NoWheel("it is no plain file")
            _ = (self.named, self.version, self.needs, self.extras, self.requires_python)
            _ = (self.licence, self.licences, self.sboms, self.is_plugin)
        except archive.DAMAGED as error:
            raise NoWheel(str(error)) from None

    @cached_property
    def named(self) -> tuple[str, Version, frozenset[Tag]]:
        """Name, version and tags, as the file's name has them."""
        name, version, _build, tags = parse_wheel_filename(self.file.name)
        return name, version, tags

    @cached_property
    def metadata(self) -> Message:
        """The core metadata, field by field."""
        return BytesParser().parsebytes(self._read(f"{self._about}METADATA"))

    @cached_property
    def name(self) -> str:
        """Normalised, as its metadata say it."""
        return canonicalize_name(str(self.metadata["Name"]))

    @cached_property
    def version(self) -> str:
        """As its metadata say it."""
        return str(self.metadata["Version"])

    @cached_property
    def needs(self) -> list[Requirement]:
        """What it depends on, extras and markers included."""
        return [Requirement(each) for each in self.metadata.get_all("Requires-Dist", [])]

    @cached_property
    def extras(self) -> set[str]:
        """The extras that it has, normalised."""
        return {canonicalize_name(str(e)) for e in self.metadata.get_all("Provides-Extra", [])}

    @cached_property
    def requires_python(self) -> SpecifierSet:
        """The versions of Python it takes."""
        return SpecifierSet(str(self.metadata.get("Requires-Python", "")))

    @cached_property
    def licence(self) -> str:
        """An SPDX expression, or the name that its authors gave it; empty where it has none."""
        given = self.metadata.get("License-Expression") or self.metadata.get("License") or ""
        if given and "\n" not in given and len(given) <= _LONGEST:
            return str(given)
        classifiers = self.metadata.get_all("Classifier", [])
        found = [c.removeprefix(_CLASSIFIER) for c in classifiers if c.startswith(_CLASSIFIER)]
        return " OR ".join(found)

    @cached_property
    def is_plugin(self) -> bool:
        """Whether lockwright would load something of it."""
        name = f"{self._about}entry_points.txt"
        return name in self._archive.namelist() and b"[lockwright]" in self._read(name)

    @cached_property
    def licences(self) -> list[tuple[str, bytes]]:
        """The texts of its licences: each a name within ``*.dist-info``, and what it holds."""
        return [
            (name.removeprefix("licenses/"), self._read(f"{self._about}{name}"))
            for name in self._papers()
            if name.startswith("licenses/") or _OF_A_LICENCE.search(PurePosixPath(name).name)
        ]

    @cached_property
    def sboms(self) -> list[tuple[str, bytes]]:
        """What it brings of that kind (PEP 770): each a name, and what it holds."""
        return [
            (name.removeprefix("sboms/"), self._read(f"{self._about}{name}"))
            for name in self._papers()
            if name.startswith("sboms/")
        ]

    def _papers(self) -> Iterator[str]:
        """The files of its metadata, by their names there."""
        for name in sorted(self._archive.namelist()):
            inner = name.removeprefix(self._about)
            if name.startswith(self._about) and not name.endswith("/"):
                yield inner

    @cached_property
    def _archive(self) -> zipfile.ZipFile:
        return archive.opened(self.file)

    @cached_property
    def _about(self) -> str:
        """The folder ``NAME-VERSION.dist-info/``."""
        tops = {name.split("/")[0] for name in self._archive.namelist()}
        (found,) = [top for top in tops if top.endswith(".dist-info")] or [""]
        return f"{found}/"

    def _read(self, name: str) -> bytes:
        return archive.read(self._archive, name)
