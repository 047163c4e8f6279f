"""A small bundle, made up: two distributions of ours, one of others, and what can befall it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from lockwright_testkit.bundle import papers, pins, sums
from lockwright_testkit.bundle.inside import Inside
from lockwright_testkit.bundle.manifest import Manifest, Wheel

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


def make_wheel(  # what a wheel says, field by field
    store: Path,
    name: str,
    version: str,
    *needs: str,
    tag: str = "py3-none-any",
    plugin: bool = False,
    licence: str = "MIT",
    python: str = ">=3.11",
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
        *(f"Requires-Dist: {need}" for need in needs),
    ]
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{about}/METADATA", "\n".join(metadata) + "\n")
        archive.writestr(f"{about}/licenses/LICENSE", f"{licence} of {name}")
        if name == "click":
            archive.writestr(f"{about}/sboms/parts.json", '{"bomFormat": "CycloneDX"}')
        if plugin:
            archive.writestr(f"{about}/entry_points.txt", "[lockwright]\nacme = acme:adapter\n")
    return file


def make_bundle(folder: Path) -> Path:
    """Write a whole bundle of a core, the adapter acme, and click."""
    store = folder / "wheels"
    store.mkdir(parents=True)
    make_wheel(store, "lockwright", "0.1.0", "click>=8", 'colorama; sys_platform == "win32"')
    make_wheel(store, "lockwright-acme", "0.1.0", "lockwright>=0.1,<0.2", plugin=True)
    make_wheel(store, "click", "8.5.1", tag="cp311-cp311-manylinux_2_34_x86_64")
    seal(folder)
    return folder


def seal(folder: Path, *asked: str) -> None:
    """Write everything but the wheels anew, for the wheels that are there."""
    wheels = tuple(_told(folder, file) for file in sorted((folder / "wheels").glob("*.whl")))
    manifest = Manifest(
        version="0.1.0",
        commit="0" * 40,
        committed=1_800_000_000,
        asked=asked or ("lockwright-acme",),
        python="3.11",
        environment=ENVIRONMENT,
        platforms=("manylinux_2_34_x86_64",),
        glibc="2.34",
        wheels=wheels,
    )
    manifest.write(folder)
    pins.write(folder, wheels)
    for name in papers.INSTALL:
        (folder / name).write_text("how to install it\n", encoding="utf-8")
    for wheel in wheels:
        for name, text in papers.brought(wheel, Inside(folder / wheel.file)).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text)
    components = [_component(wheel) for wheel in wheels]
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": components}
    (folder / papers.SBOM).write_text(json.dumps(document), encoding="utf-8")
    sums.write(folder)


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
