"""``lockwright-kit verify``: is this bundle whole, and is it what it says?"""

from __future__ import annotations

import dataclasses
import platform
from collections.abc import Sequence
from pathlib import Path

import click
from lockwright.console.clean import clean
from lockwright.console.framework import argument, option
from lockwright.console.screen import Console

from lockwright_testkit.bundle import systems
from lockwright_testkit.bundle.manifest import Manifest
from lockwright_testkit.bundle.signature import Signed
from lockwright_testkit.bundle.verify import Verdict
from lockwright_testkit.bundle.verify import verify as judge
from lockwright_testkit.cli.program import Run, command

HELP = """Judge a bundle that `make bundle` made, without installing anything of it: the sum of
every file, that nothing is there that is not listed, versions and what they ask of each other,
which systems they fit, the commit, licences, the SBOM, and the signature where a CA is named.
What is wrong is told file by file. That it is for other computers than this one is told, too."""

WRONG = 41
"""Exit code for a bundle that must not be installed."""

_SIGNED = {
    Signed.NOT: "Nobody signed it.",
    Signed.UNCHECKED: "It is signed; to check by whom, name the CA with --ca.",
    Signed.VALID: "Its signature leads to that CA.",
    Signed.WRONG: "Its signature is not valid.",
}


@command("verify", text=HELP)
@argument(
    "bundle",
    text="The bundle's folder.",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)
@option(
    "--ca",
    text="Certificates of the CA that the signature must lead to, PEM; it must then be there.",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@option(
    "--repository",
    text="A clone of the sources that you trust: our wheels must hold just what the commit has.",
    metavar="FOLDER",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)
def verify(run: Run, bundle: Path, ca: Path | None, repository: Path | None) -> int:
    """Judge and report."""
    verdict = judge(bundle, ca, repository)
    run.output.answer(lambda: _document(verdict), lambda console: _show(console, verdict))
    return WRONG if verdict.findings else 0


def _document(verdict: Verdict) -> dict[str, object]:
    manifest = verdict.manifest
    return {
        "whole": not verdict.findings,
        "signature": verdict.signed.value,
        "unfit_here": [] if manifest is None else systems.unfit_here(manifest),
        "bundle": None if manifest is None else dataclasses.asdict(manifest),
        "findings": [dataclasses.asdict(each) for each in verdict.findings],
    }


def _show(console: Console, verdict: Verdict) -> None:
    if verdict.manifest is not None:
        for line in _told(verdict.manifest):
            console.print(clean(line))
    for finding in verdict.findings:
        console.print(clean(f"{finding.file}: {finding.what}"))
    console.print(_SIGNED[verdict.signed])
    if verdict.findings:
        console.print("Do not install it. Have it made again, or bring it again from there.")
    else:
        console.print("It is whole.")
    if verdict.manifest is not None and (unfit := systems.unfit_here(verdict.manifest)):
        console.print(clean(_elsewhere(verdict.manifest, unfit)))


def _elsewhere(manifest: Manifest, unfit: Sequence[str]) -> str:
    """That it is for other computers than the one at hand."""
    needs = f"; it needs glibc {manifest.glibc} or newer" if manifest.glibc else ""
    here = " ".join(part for part in (*platform.libc_ver(), platform.machine()) if part)
    return (
        f"It does not install on this computer ({here}): {len(unfit)} of its wheels do not fit, "
        f"such as {unfit[0]}{needs}."
    )


def _told(manifest: Manifest) -> list[str]:
    systems = ", ".join(manifest.platforms) or "any system"
    return [
        f"lockwright {manifest.version} of commit {manifest.commit}",
        f"{', '.join(manifest.asked)} for Python {manifest.python} on {systems}",
        *(f"  {line}" for line in manifest.table()),
    ]
