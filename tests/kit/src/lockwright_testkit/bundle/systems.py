"""Which systems the wheels of a bundle fit, and whether the bundle says just that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from packaging.tags import platform_tags

from lockwright_testkit.bundle.environment import on_its_machine
from lockwright_testkit.bundle.finding import Finding
from lockwright_testkit.bundle.inside import Inside
from lockwright_testkit.bundle.manifest import FILE, Manifest

_MANYLINUX = re.compile(r"manylinux_(?P<major>\d+)_(?P<minor>\d+)_\w+")
_OLD = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
"""PEP 600: which glibc the names before it mean."""


def platforms(found: Iterable[Inside]) -> tuple[str, ...]:
    """Every platform tag that a wheel is bound to."""
    return tuple(sorted({tag for each in found for tag in _bound_to(each)}))


def glibc(found: Iterable[Inside]) -> str | None:
    """The oldest glibc on which every wheel installs (PEP 600); None: none is needed."""
    least = [
        min(versions)
        for each in found
        if (versions := [v for tag in _bound_to(each) if (v := _glibc(tag))])
    ]
    return ".".join(map(str, max(least))) if least else None


def check(manifest: Manifest, found: Iterable[Inside]) -> Iterator[Finding]:
    """Whether the manifest says of systems what the wheels' own tags say.

    Args:
        manifest: what the bundle says of itself.
        found: its wheels.
    """
    opened = list(found)
    told, own = ", ".join(manifest.platforms) or "any", ", ".join(platforms(opened)) or "any"
    if told != own:
        yield Finding(FILE, f"says that it is for {told}; its wheels are for {own}")
    if manifest.glibc != (needed := glibc(opened)):
        said = manifest.glibc or "none"
        yield Finding(FILE, f"says that glibc {said} is enough; its wheels need {needed or 'none'}")
    for each in opened:
        tags = sorted(_bound_to(each))
        if tags and not on_its_machine(tags, manifest.environment):
            machine = manifest.environment.get("platform_machine", "an unknown machine")
            system = manifest.environment.get("platform_system", "an unknown system")
            yield Finding(
                f"wheels/{each.file.name}",
                f"is for {', '.join(tags)}; the bundle is for {system} on {machine}",
            )
    if manifest.glibc is not None:
        yield from _without_glibc(opened)


def unfit_here(manifest: Manifest) -> list[str]:
    """The wheels' files that do not install on the computer at hand, by their platform tags.

    Its Python may be another than the bundle's, so nothing is said of that.
    """
    here = {*platform_tags(), "any"}
    return [
        each.file
        for each in manifest.wheels
        if not here.intersection(tag.rpartition("-")[2] for tag in each.tags)
    ]


def _without_glibc(opened: Iterable[Inside]) -> Iterator[Finding]:
    """Wheels for musl beside some for glibc: no system has both."""
    for each in opened:
        tags = _bound_to(each)
        if tags and all(tag.startswith("musllinux_") for tag in tags):
            yield Finding(f"wheels/{each.file.name}", "is for musl; the bundle needs glibc")


def _bound_to(inside: Inside) -> set[str]:
    return {tag.platform for tag in inside.named[2]} - {"any"}


def _glibc(platform: str) -> tuple[int, int] | None:
    if found := _MANYLINUX.fullmatch(platform):
        return int(found["major"]), int(found["minor"])
    return next((v for name, v in _OLD.items() if platform.startswith(f"{name}_")), None)
