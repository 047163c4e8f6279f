"""What is in the wheels that were gathered, as the manifest tells it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lockwright_testkit.bundle import beside, papers, sums, systems, wheels
from lockwright_testkit.bundle.inside import Inside
from lockwright_testkit.bundle.manifest import Manifest, Wheel

from bundling.failing import BundleError
from bundling.python import Python
from bundling.sources import REPOSITORY, Sources

_TEXTS = REPOSITORY / "tools" / "app" / "licences"
"""What some wheels lack; `make app` needs them, too."""


def manifest(
    folder: Path, asked: Iterable[str], ours: Iterable[Path], sources: Sources, python: Python
) -> Manifest:
    """What ``bundle.json`` is to say of the wheels in a folder.

    Args:
        folder: the bundle.
        asked: the distributions that were asked for, as requirements.
        ours: the wheels that were built from the commit.
        sources: the commit.
        python: the Python that it is for.
    """
    own = {each.name for each in ours}
    found = [Inside(file) for file in sorted((folder / wheels.FOLDER).glob("*.whl"))]
    core = next(each for each in found if each.name == "lockwright")
    return Manifest(
        version=core.version,
        commit=sources.commit,
        committed=sources.committed,
        asked=tuple(sorted(asked)),
        python=python.python,
        environment=python.environment,
        platforms=systems.platforms(found),
        glibc=systems.glibc(found),
        wheels=tuple(_wheel(each, ours=each.file.name in own) for each in found),
    )


def lay_out_papers(folder: Path, told: Manifest) -> None:
    """Lay out the texts of the licences, and the SBOMs that wheels bring, and texts that some lack.

    Raises:
        BundleError: a wheel names no licence, or brings no text of it.
    """
    for wheel in told.wheels:
        inside = Inside(folder / wheel.file)
        lacking = {} if inside.licences else beside.texts(wheel.licence)
        if not (wheel.licence and (inside.licences or lacking)):
            raise BundleError(
                f"{wheel.name} {wheel.version} does not say under which licence it is"
            )
        kept = {f"{papers.place(wheel)}/{name}": (_TEXTS / name).read_bytes() for name in lacking}
        for name, text in (papers.brought(wheel, inside) | kept).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text)


def _wheel(inside: Inside, *, ours: bool) -> Wheel:
    return Wheel(
        name=inside.name,
        version=inside.version,
        file=f"{wheels.FOLDER}/{inside.file.name}",
        sha256=sums.sha256(inside.file),
        tags=tuple(sorted(map(str, inside.named[2]))),
        licence=inside.licence,
        ours=ours,
    )
