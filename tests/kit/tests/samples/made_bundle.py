"""A small bundle, made up: two distributions of ours, one of others, and what can befall it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lockwright_testkit.bundle import origin, papers, pins, sums
from lockwright_testkit.bundle.inside import Inside
from lockwright_testkit.bundle.manifest import FILE as MANIFEST
from lockwright_testkit.bundle.manifest import Manifest, Wheel

Damage = Callable[[Path], object]
COMMIT = "0" * 40
PLATFORM = "manylinux_2_34_x86_64"
COMMITTED = 1_800_000_000
THEN = (2027, 1, 15, 8, 0, 0)
"""That time, as a zip tells it."""
ENVIRONMENT = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": "3.11.0",
    "python_version": "3.11",
    "sys_platform": "linux",
}


def make_wheel(  # noqa: PLR0913  # what a wheel says, field by field
    store: Path,
    name: str,
    version: str,
    *needs: str,
    tag: str = "py3-none-any",
    plugin: bool = False,
    licence: str = "MIT",
    brings: bool = True,
    python: str = ">=3.11",
    extras: tuple[str, ...] = (),
    code: Mapping[str, str] = MappingProxyType({}),
    then: tuple[int, int, int, int, int, int] = THEN,
) -> Path:
    """Write a wheel of no code, with metadata and a licence."""
    file = store / f"{name.replace('-', '_')}-{version}-{tag}.whl"
    about = f"{name.replace('-', '_')}-{version}.dist-info"
    metadata = [
        "Metadata-Version: 2.4",
        f"Name: {name}",
        f"Version: {version}",
        f"License-Expression: {licence}",
        f"Requires-Python: {python}",
        *(f"Provides-Extra: {each}" for each in extras),
        *(f"Requires-Dist: {need}" for need in needs),
    ]
    texts = {
        "METADATA": "\n".join(metadata) + "\n",
        **({"licenses/LICENSE": f"{licence} of {name}"} if brings else {}),
    }
    if name == "click":
        texts["sboms/parts.json"] = '{"bomFormat": "CycloneDX"}'
    if plugin:
        texts["entry_points.txt"] = "[lockwright]\nacme = acme:adapter\n"
    with zipfile.ZipFile(file, "w") as archive:
        for inner, text in code.items():
            archive.writestr(zipfile.ZipInfo(inner, then), text)
        for inner, text in texts.items():
            archive.writestr(zipfile.ZipInfo(f"{about}/{inner}", then), text)
    return file


def make_bundle(
    folder: Path,
    *asked: str,
    platform: str = PLATFORM,
    code: Mapping[str, str] = MappingProxyType({}),
) -> Path:
    """Write a whole bundle of a core, the adapter acme, and click."""
    store = folder / "wheels"
    store.mkdir(parents=True)
    make_wheel(store, "lockwright", "0.1.0", "click>=8", 'colorama; sys_platform == "win32"')
    make_wheel(store, "lockwright-acme", "0.1.0", "lockwright>=0.1,<0.2", plugin=True, code=code)
    make_wheel(store, "click", "8.5.1", tag=f"cp311-cp311-{platform}")
    seal(folder, *asked, platform=platform)
    return folder


def seal(folder: Path, *asked: str, platform: str = PLATFORM) -> None:
    """Write everything but the wheels anew, for the wheels that are there."""
    wheels = tuple(_told(folder, file) for file in sorted((folder / "wheels").glob("*.whl")))
    manifest = Manifest(
        version="0.1.0",
        commit=COMMIT,
        committed=COMMITTED,
        asked=asked or _asked(folder) or ("lockwright-acme",),
        python="3.11",
        environment=ENVIRONMENT,
        platforms=(platform,),
        glibc=".".join(platform.split("_")[1:3]),
        wheels=wheels,
    )
    manifest.write(folder)
    pins.write(folder, wheels)
    for name in papers.INSTALL:
        (folder / name).write_text(f"how to install it: {COMMIT}\n", encoding="utf-8")
    for wheel in wheels:
        for name, text in papers.brought(wheel, Inside(folder / wheel.file)).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text)
    components = [_component(wheel) for wheel in wheels]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "metadata": {"component": {"properties": [{"name": origin.PROPERTY, "value": COMMIT}]}},
        "components": components,
    }
    (folder / papers.SBOM).write_text(json.dumps(document), encoding="utf-8")
    sums.write(folder)


def rewrite(name: str, old: str, new: str) -> Damage:
    """Change a text, and the sums with it: whoever did it knows how."""

    def damage(folder: Path) -> None:
        text = (folder / name).read_bytes()
        assert old.encode() in text
        (folder / name).write_bytes(text.replace(old.encode(), new.encode()))
        sums.write(folder)

    return damage


def remade(name: str, version: str, *needs: str, **settings: Any) -> Damage:
    """Put another wheel in the place of one, and seal the bundle as if it were right."""

    def damage(folder: Path) -> None:
        store = folder / "wheels"
        for old in store.glob(f"{name.replace('-', '_')}-*.whl"):
            old.unlink()
        make_wheel(store, name, version, *needs, **settings)
        seal(folder)

    return damage


def _asked(folder: Path) -> tuple[str, ...]:
    """What a bundle that is sealed again was asked for."""
    return Manifest.read(folder).asked if (folder / MANIFEST).exists() else ()


def _told(folder: Path, file: Path) -> Wheel:
    inside = Inside(file)
    return Wheel(
        name=inside.name,
        version=inside.version,
        file=str(file.relative_to(folder)),
        sha256=sums.sha256(file),
        tags=tuple(sorted(map(str, inside.named[2]))),
        licence=inside.licence,
        ours=inside.name.startswith("lockwright"),
    )


def _component(wheel: Wheel) -> dict[str, object]:
    hashes = [{"alg": "SHA-256", "content": wheel.sha256}]
    return {
        "type": "library",
        "name": wheel.name,
        "version": wheel.version,
        "licenses": [{"license": {"id": wheel.licence}}],
        "externalReferences": [{"type": "distribution", "url": wheel.file, "hashes": hashes}],
    }
