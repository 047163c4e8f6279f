"""The papers of a bundle: its licences and SBOMs as its wheels bring them, its own SBOM."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from lockwright_testkit.bundle import beside
from lockwright_testkit.bundle.finding import UNREADABLE, Finding, text, unreadable
from lockwright_testkit.bundle.inside import Inside, NoWheel
from lockwright_testkit.bundle.manifest import Manifest, Wheel

LICENCES = "licences"
SBOMS = "sboms"
SBOM = "sbom.cdx.json"
INSTALL = ("INSTALL.txt", "INSTALL.ru.txt")


def brought(wheel: Wheel, inside: Inside) -> dict[str, bytes]:
    """What a wheel brings of licences and SBOMs: where it stands in the bundle, and what it is."""
    of = f"{wheel.name}-{wheel.version}"
    licences = {f"{place(wheel)}/{name}": found for name, found in inside.licences}
    return licences | {f"{SBOMS}/{of}/{name}": found for name, found in inside.sboms}


def place(wheel: Wheel) -> str:
    """The folder of the bundle where the texts of its licences lie."""
    return f"{LICENCES}/{wheel.name}-{wheel.version}"


def check(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    """Whether every wheel has a licence with its text, and the SBOM names just these wheels."""
    for name in INSTALL:
        if not (folder / name).is_file():
            yield Finding(name, "is missing")
    for wheel in manifest.wheels:
        if not wheel.licence:
            yield Finding(wheel.file, "names no licence")
        try:
            inside = Inside(folder / wheel.file)
        except NoWheel:
            continue
        if not inside.licences:
            yield from _beside(folder, wheel)
        for name, found in brought(wheel, inside).items():
            if not _is(folder / name, found):
                yield Finding(name, f"is not what {wheel.file} brings")
    yield from _sbom(folder, manifest)


def _beside(folder: Path, wheel: Wheel) -> Iterator[Finding]:
    """Whether the texts that a wheel lacks lie where its own would."""
    wanted = beside.texts(wheel.licence)
    if not wanted:
        yield Finding(wheel.file, "brings no text of its licence")
    for name, sha256 in wanted.items():
        file = f"{place(wheel)}/{name}"
        try:
            found = (folder / file).read_bytes()
        except OSError:
            yield Finding(file, f"is missing, and {wheel.file} does not bring it")
            continue
        if not beside.is_it(found, sha256):
            yield Finding(file, "is not the text of that licence")


def _is(file: Path, content: bytes) -> bool:
    """Whether a file holds just that; one whose name no system takes cannot be there."""
    try:
        return file.is_file() and file.read_bytes() == content
    except OSError:
        return False


def _sbom(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    try:
        document = json.loads(text(folder, SBOM))
        components = [(canonicalize_name(e["name"]), e) for e in document["components"]]
        found = dict(components)
        named = {name: (each["version"], _sums(each)) for name, each in found.items()}
        licensed = {name for name, each in found.items() if each.get("licenses")}
        if len(found) < len(components):
            raise ValueError("it names a component twice")  # one way to be unreadable
        if document["bomFormat"] != "CycloneDX":
            raise ValueError("it is no CycloneDX")  # one way to be unreadable
    except UNREADABLE as error:
        yield unreadable(SBOM, error, " as a CycloneDX document")
        return
    wanted = {each.name: (each.version, {each.sha256}) for each in manifest.wheels}
    for name in sorted(wanted.keys() - named.keys()):
        yield Finding(SBOM, f"does not name {name}")
    for name in sorted(named.keys() - wanted.keys()):
        yield Finding(SBOM, f"names {name}, which is no wheel of the bundle")
    for name in sorted(named.keys() & wanted.keys()):
        if named[name] != wanted[name]:
            yield Finding(SBOM, f"has another version or hash of {name}")
        if name not in licensed:
            yield Finding(SBOM, f"names no licence of {name}")


def _sums(component: dict[str, Any]) -> set[str]:
    """The SHA-256 of the files that a component is distributed as."""
    return {
        each["content"]
        for reference in component.get("externalReferences", [])
        if reference["type"] == "distribution"
        for each in reference.get("hashes", [])
        if each["alg"] == "SHA-256"
    }
