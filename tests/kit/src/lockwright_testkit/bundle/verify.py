"""A bundle judged: every file of it, without installing or importing anything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lockwright_testkit.bundle import origin, papers, pins, signature, sources, sums, wheels
from lockwright_testkit.bundle.finding import UNREADABLE, Finding, unreadable
from lockwright_testkit.bundle.manifest import FILE, Manifest
from lockwright_testkit.bundle.signature import Signed


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found."""

    manifest: Manifest | None
    """What the bundle says of itself; None where that cannot be read."""
    signed: Signed
    findings: tuple[Finding, ...]
    """What is wrong, by file; nothing: the bundle is whole."""


def verify(folder: Path, ca: Path | None = None, repository: Path | None = None) -> Verdict:
    """Judge a bundle.

    Args:
        folder: the bundle.
        ca: certificates of the CA that its signer's must lead to, PEM; None: a signature is not
            checked, and need not be there.
        repository: a clone of the sources that our wheels are compared with; None: they are not.
    """
    signed, found = signature.check(folder, ca)
    found += sums.check(folder)
    try:
        manifest = Manifest.read(folder)
    except UNREADABLE as error:
        return Verdict(None, signed, tuple(sorted({*found, unreadable(FILE, error)})))
    for part in (pins, wheels, papers, origin):
        found += part.check(folder, manifest)
    if repository is not None:
        found += sources.check(folder, manifest, repository)
    return Verdict(manifest, signed, tuple(sorted(set(found))))
