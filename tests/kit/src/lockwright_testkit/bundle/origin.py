"""Whence a bundle is: every place that tells its commit tells the same one."""

from __future__ import annotations

import json
import re
import time
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from lockwright_testkit.bundle import archive, papers
from lockwright_testkit.bundle.finding import UNREADABLE, Finding, text
from lockwright_testkit.bundle.manifest import FILE, Manifest, Wheel

PROPERTY = "lockwright:commit"
"""Of the component in the SBOM that is the bundle itself."""
COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
"""As git names one: SHA-1, or SHA-256."""
_EARLIEST = 315_532_800
"""1980, in seconds since 1970: the first year that a zip can tell."""


def check(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    """Whether commit and time are those that texts, SBOM and our wheels have.

    A wheel has no field for its commit. ``SOURCE_DATE_EPOCH`` gave each of its files the commit's
    time, so a wheel of ours from another commit mostly has another one.
    """
    if not COMMIT.fullmatch(manifest.commit):
        yield Finding(FILE, f"says the commit {manifest.commit}, which is none")
    for name in papers.INSTALL:
        if not _names(folder, name, manifest.commit):
            yield Finding(name, f"does not name the commit {manifest.commit}")
    if _of_the_sbom(folder) != manifest.commit:
        yield Finding(papers.SBOM, f"does not name the commit {manifest.commit}")
    for wheel in manifest.wheels:
        if wheel.ours:
            yield from _made_then(folder, wheel, manifest.committed)
    yield from _built(manifest)


def _built(manifest: Manifest) -> Iterator[Finding]:
    """What was asked for, and the core, are built from the commit: nobody else publishes them."""
    ours: Mapping[str, bool] = {each.name: each.ours for each in manifest.wheels}
    for asked in ("lockwright", *manifest.asked):
        try:
            name = canonicalize_name(Requirement(asked).name)
        except InvalidRequirement:
            continue
        if not ours.get(name, True):
            yield Finding(FILE, f"says that {name} was not built from the commit")


def _names(folder: Path, file: str, commit: str) -> bool:
    """Whether a text names the commit; one that is missing is told elsewhere."""
    try:
        return commit in text(folder, file)
    except UNREADABLE:
        return not (folder / file).is_file()


def _of_the_sbom(folder: Path) -> str | None:
    try:
        itself = json.loads(text(folder, papers.SBOM))["metadata"]["component"]
        (found,) = [each["value"] for each in itself["properties"] if each["name"] == PROPERTY]
    except UNREADABLE:
        return None
    return str(found)


def _made_then(folder: Path, wheel: Wheel, committed: int) -> Iterator[Finding]:
    """Whether each file of a wheel has the commit's time, in the two seconds that a zip tells."""
    try:
        then = time.gmtime(max(committed, _EARLIEST))[:6]
        with zipfile.ZipFile(folder / wheel.file) as opened:
            times = {each.date_time for each in opened.infolist()}
    except (*archive.DAMAGED, OverflowError):
        return
    if times != {(*then[:5], then[5] // 2 * 2)}:
        yield Finding(wheel.file, "has files of another time than the commit's")
