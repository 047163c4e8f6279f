"""The SBOM of a bundle: what cyclonedx-py finds once it is installed, with the wheels' hashes."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from lockwright_testkit.bundle import origin, papers, pins
from lockwright_testkit.bundle.inside import Inside
from lockwright_testkit.bundle.manifest import Manifest, Wheel
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bundling.failing import run
from bundling.python import Python

_VALIDATE = """
import sys
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator
text = open(sys.argv[1], encoding="utf-8").read()
wrong = make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_6).validate_str(text)
sys.exit(None if wrong is None else str(wrong))
"""


def write(folder: Path, manifest: Manifest, python: Python) -> None:
    """Install the bundle into an environment of its own, as its users will, and list its parts.

    Args:
        folder: the bundle; its wheels and ``requirements.txt`` are there.
        manifest: what it is made of.
        python: the Python that it is for.

    Raises:
        BundleError: it cannot be installed, its parts do not go together, or there is no SBOM.
    """
    with tempfile.TemporaryDirectory(prefix="lockwright-bundle-") as name:
        clean = Path(name) / "environment"
        made = Path(name) / "made.json"
        run((python.program, "-m", "venv", "--without-pip", clean), doing="making an environment")
        pip = (python.program, "-m", "pip", "--python", clean / "bin" / "python")
        install = ("install", "--quiet", "--no-index", "--require-hashes")
        run(
            (*pip, *install, "--requirement", folder / pins.FILE),
            doing="installing the bundle into an environment of its own",
        )
        run((*pip, "check"), doing="looking whether its parts go together")
        run(
            (
                *(python.program, "-m", "cyclonedx_py", "environment", "--output-reproducible"),
                *("--spec-version", "1.6", "--output-file", made, clean),
            ),
            doing="listing its parts",
            environment={"SOURCE_DATE_EPOCH": str(manifest.committed)},
        )
        document = json.loads(made.read_text(encoding="utf-8"))
        _complete(document, folder, manifest)
        (folder / papers.SBOM).write_text(
            json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n",
            encoding="utf-8",
        )
    run((python.program, "-c", _VALIDATE, folder / papers.SBOM), doing="checking the SBOM")


def _complete(document: dict[str, Any], folder: Path, manifest: Manifest) -> None:
    """Add what an installed environment does not tell: the bundle itself, files, hashes."""
    wheels = {each.name: each for each in manifest.wheels}
    references = {}
    for component in document["components"]:
        name = canonicalize_name(component["name"])
        references[name] = component["bom-ref"]
        component["externalReferences"] = [
            *component.get("externalReferences", []),
            _distribution(wheels[name]),
            *_brought(folder, wheels[name]),
        ]
        component.setdefault("licenses", [{"license": {"name": wheels[name].licence}}])
    itself = {
        "type": "application",
        "name": "lockwright-bundle",
        "version": manifest.version,
        "bom-ref": "bundle",
        "properties": [{"name": origin.PROPERTY, "value": manifest.commit}],
    }
    document["metadata"]["component"] = itself
    asked = {canonicalize_name(Requirement(each).name) for each in manifest.asked}
    document["dependencies"].insert(
        0, {"ref": "bundle", "dependsOn": sorted(references[name] for name in asked)}
    )


def _brought(folder: Path, wheel: Wheel) -> list[dict[str, Any]]:
    """The SBOMs that the wheel brings (PEP 770): what was compiled into it."""
    files = papers.brought(wheel, Inside(folder / wheel.file))
    return [
        {"type": "bom", "url": name}
        for name in sorted(files)
        if name.startswith(f"{papers.SBOMS}/")
    ]


def _distribution(wheel: Wheel) -> dict[str, Any]:
    return {
        "type": "distribution",
        "url": wheel.file,
        "hashes": [{"alg": "SHA-256", "content": wheel.sha256}],
    }
