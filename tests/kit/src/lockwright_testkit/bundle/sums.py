"""``SHA256SUMS``: the sum of every file of a bundle, in the form of ``sha256sum``."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from lockwright_testkit.bundle.finding import UNREADABLE, Finding, text, unreadable

FILE = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.p7s"

_LINE = re.compile(r"(?P<sum>[0-9a-f]{64}) [ *](?P<file>.+)")


def sha256(file: Path) -> str:
    """The SHA-256 of a file, hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def files(folder: Path) -> dict[str, Path]:
    """What lies below a folder but the sums and their signature, empty folders too."""
    found = {
        str(PurePosixPath(path.relative_to(folder))): path
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir() or not any(path.iterdir())
    }
    return {name: found[name] for name in sorted(found) if name not in {FILE, SIGNATURE}}


def write(folder: Path) -> None:
    """Write ``SHA256SUMS`` for what is there."""
    lines = [f"{sha256(path)}  {name}\n" for name, path in files(folder).items()]
    (folder / FILE).write_text("".join(lines), encoding="utf-8")


def check(folder: Path) -> Iterator[Finding]:
    """Whether each file is as listed, and each is listed."""
    try:
        lines = text(folder, FILE).removesuffix("\n").split("\n")
    except UNREADABLE as error:
        yield unreadable(FILE, error)
        return
    listed: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not (found := _LINE.fullmatch(line)):
            yield Finding(FILE, f"line {number} is no sum and file")
        elif found["file"] in listed:
            yield Finding(found["file"], "is listed twice")
        else:
            listed[found["file"]] = found["sum"]
    there = files(folder)
    for name, expected in listed.items():
        if name not in there:
            yield Finding(name, "is listed but not there")
        elif there[name].is_symlink() or not there[name].is_file():
            yield Finding(name, "is no plain file")
        elif (actual := sha256(there[name])) != expected:
            yield Finding(name, f"was changed: its SHA-256 is {actual}, listed is {expected}")
    for name in there.keys() - listed.keys():
        yield Finding(name, "is there but not listed")
    yield from _alike(there)


def _alike(names: Iterable[str]) -> Iterator[Finding]:
    """Names that Windows and macOS take for one: of the two files, one would be left."""
    by_case: dict[str, str] = {}
    for name in names:
        other = by_case.setdefault(name.casefold(), name)
        if other != name:
            yield Finding(name, f"is one file with {other} where names have no case")
