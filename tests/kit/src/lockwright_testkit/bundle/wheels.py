"""The wheels of a bundle: what they are, whom they fit, and whether they go together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from packaging.requirements import InvalidRequirement, Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name

from lockwright_testkit.bundle import environment, sums, systems
from lockwright_testkit.bundle.finding import Finding
from lockwright_testkit.bundle.inside import Inside, NoWheel
from lockwright_testkit.bundle.manifest import FILE, Manifest, Wheel

FOLDER = "wheels"
LATEST = 99
"""A release of Python that no fix of it is after."""


def check(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    """Whether each wheel is what the manifest says, fits, and has what it needs beside it."""
    opened: dict[str, Inside] = {}
    fitting = _fitting(manifest)
    for wheel in manifest.wheels:
        if PurePosixPath(wheel.file).parent != PurePosixPath(FOLDER):
            yield Finding(FILE, f"names {wheel.file}, which is not in {FOLDER}/")
            continue
        try:
            inside = Inside(folder / wheel.file)
        except NoWheel as error:
            yield Finding(wheel.file, f"cannot be read as a wheel: {error}")
            continue
        if inside.name in opened:
            yield Finding(wheel.file, f"is not the only wheel of {inside.name} in {FILE}")
        opened[inside.name] = inside
        yield from _as_told(wheel, inside)
        if not inside.named[2] & fitting:
            yield Finding(
                wheel.file, f"does not install on Python {manifest.python} {_on(manifest)}"
            )
        if not inside.requires_python.contains(f"{manifest.python}.{LATEST}"):
            yield Finding(wheel.file, f"wants Python {inside.requires_python}")
    listed = {wheel.file for wheel in manifest.wheels}
    for file in sorted((folder / FOLDER).glob("*")):
        if (name := f"{FOLDER}/{file.name}") not in listed:
            yield Finding(name, f"is not in {FILE}")
    yield from _judged(manifest, opened)
    yield from _asked(manifest, opened)


def _on(manifest: Manifest) -> str:
    return "on " + ", ".join(manifest.platforms) if manifest.platforms else "on any system"


def _fitting(manifest: Manifest) -> set[Tag]:
    major, minor = (int(part) for part in manifest.python.split("."))
    platforms = [*manifest.platforms, "any"]
    return {
        *cpython_tags((major, minor), platforms=platforms),
        *compatible_tags((major, minor), f"cp{major}{minor}", platforms),
    }


def _as_told(wheel: Wheel, inside: Inside) -> Iterator[Finding]:
    name, version, tags = inside.named
    if (name, str(version)) != (inside.name, inside.version):
        yield Finding(wheel.file, f"holds {inside.name} {inside.version}, not what its name says")
    told = {
        "name": (wheel.name, inside.name),
        "version": (wheel.version, inside.version),
        "licence": (wheel.licence, inside.licence),
        "tags": (wheel.tags, tuple(sorted(map(str, tags)))),
        "sha256": (wheel.sha256, sums.sha256(inside.file)),
    }
    for field, (said, found) in told.items():
        if said != found:
            yield Finding(wheel.file, f"has another {field} than {FILE} says: {found}, not {said}")


def _judged(manifest: Manifest, opened: Mapping[str, Inside]) -> Iterator[Finding]:
    """Whether all go together, by the markers of the Python that they are for."""
    yield from environment.check(manifest)
    yield from systems.check(manifest, opened.values())
    try:
        yield from _together(manifest, opened)
    except ValueError as error:  # what only a comparison shows: a marker that orders names
        yield Finding(f"{FOLDER}/", f"ask for what cannot be judged: {error}")


def _together(manifest: Manifest, opened: Mapping[str, Inside]) -> Iterator[Finding]:
    """Whether every dependency is there, in a version that its dependent takes."""
    extras = {name: set[str]() for name in opened}
    ours = {each.name for each in manifest.wheels if each.ours}
    asked_for = map(_requirement, manifest.asked)
    todo: list[tuple[str | None, Requirement]] = [(None, each) for each in asked_for if each]
    seen: set[tuple[str | None, str]] = set()
    reached: set[str] = set()
    while todo:
        of, asked = todo.pop()
        if (of, str(asked)) in seen:
            continue
        seen.add((of, str(asked)))
        name = str(canonicalize_name(asked.name))
        inside = opened.get(name)
        if inside is None:
            yield Finding(f"{FOLDER}/", f"lack {asked}, which {of or FILE} needs")
            continue
        if not asked.specifier.contains(inside.version, prereleases=True):
            yield Finding(
                f"{FOLDER}/{inside.file.name}",
                f"is {inside.version}, but {of or FILE} takes {asked}",
            )
        if asked.url is not None:
            yield Finding(
                f"{FOLDER}/{opened[of].file.name}" if of else FILE,
                f"asks for {asked}: not a wheel of this folder",
            )
        reached.add(name)
        if of is None or of in ours:
            yield from _not_offered(inside, asked, of)
        extras[name] |= asked.extras
        for need in inside.needs:
            if missing := environment.untold(need, manifest.environment):
                yield Finding(FILE, f"does not say {', '.join(missing)}, on which {need} depends")
        todo += [(name, need) for need in _needs(inside, extras[name], manifest.environment)]
    for name in opened.keys() - reached:
        yield Finding(
            f"{FOLDER}/{opened[name].file.name}", "is needed by nothing that was asked for"
        )


def _not_offered(inside: Inside, asked: Requirement, of: str | None) -> Iterator[Finding]:
    """Extras that a wheel does not have: pip warns, and installs it without."""
    for extra in sorted(set(map(canonicalize_name, asked.extras)) - inside.extras):
        yield Finding(
            f"{FOLDER}/{inside.file.name}", f"has no extra {extra}, which {of or FILE} asks for"
        )


def _needs(inside: Inside, extras: set[str], markers: Mapping[str, str]) -> list[Requirement]:
    chosen = [dict(markers, extra=extra) for extra in ("", *sorted(extras))]
    return [
        need
        for need in inside.needs
        if need.marker is None or any(need.marker.evaluate(each) for each in chosen)
    ]


def _asked(manifest: Manifest, opened: Mapping[str, Inside]) -> Iterator[Finding]:
    """Whether nothing would be loaded as a plugin that nobody asked for."""
    names = {canonicalize_name(found.name) for found in map(_requirement, manifest.asked) if found}
    for name, inside in opened.items():
        if inside.is_plugin and name not in names:
            yield Finding(f"{FOLDER}/{inside.file.name}", "is a plugin that nobody asked for")
    core = opened.get("lockwright")
    if core is not None and core.version != manifest.version:
        yield Finding(FILE, f"says lockwright {manifest.version}; the wheel is {core.version}")
    for asked in manifest.asked:
        if _requirement(asked) is None:
            yield Finding(FILE, f"asks for {asked}, which is no requirement")


def _requirement(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None
