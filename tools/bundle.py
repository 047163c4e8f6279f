"""Make a bundle: a folder of wheels that installs without network, of a commit.

What it holds is told by :mod:`lockwright_testkit.bundle`; how that is decided, by ADR 0036.
Needs what pip is set up to reach; what comes from there is held to the hashes in requirements/.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bundling import contents, locked, sbom, texts
from bundling.build import build
from bundling.failing import BundleError
from bundling.python import Python, prepare
from bundling.sources import REPOSITORY, Sources, changed, checked_out
from lockwright_testkit.bundle import pins, sums, wheels
from lockwright_testkit.bundle.verify import verify
from packaging.requirements import InvalidRequirement, Requirement

DESK = "lockwright-desk"
WINDOW = "lockwright-window"
TOOLS = REPOSITORY / "build" / "tools"


def main(arguments: Sequence[str] | None = None) -> int:
    """Make it, and judge it."""
    given = _parser().parse_args(arguments)
    try:
        asked = _asked(given.adapters, desk=given.desk, window=given.window)
        if given.revision == "HEAD" and changed():
            print("bundle: what is in no commit yet is left out", file=sys.stderr)
        with checked_out(given.revision) as sources:
            sources.refuse_unknown(asked)
            given.into.mkdir(parents=True, exist_ok=True)
            python = prepare(given.python, sources, TOOLS)
            folder = make(sources, asked, python, given.into)
    except BundleError as error:
        print(f"bundle: {error}", file=sys.stderr)
        return 1
    print((folder / sums.FILE).read_text(encoding="utf-8"), end="", file=sys.stderr)
    print(folder)
    return 0


def make(sources: Sources, asked: Sequence[str], python: Python, into: Path) -> Path:
    """Make a bundle in a folder of its own; one of that name is replaced.

    Args:
        sources: the commit.
        asked: the distributions, as requirements without a version.
        python: the Python that it is made with and for.
        into: the folder that gets the bundle's.

    Returns:
        The bundle.

    Raises:
        BundleError: it cannot be made, or it would be no whole one.
    """
    with tempfile.TemporaryDirectory(dir=into, prefix="making-") as name:
        folder = Path(name) / "bundle"
        store = folder / wheels.FOLDER
        store.mkdir(parents=True)
        ours = ["lockwright", *(Requirement(each).name for each in asked)]
        built = build(sources, dict.fromkeys(ours), python, store)
        names = locked.needed(asked, built, sources, python)
        locked.fetch(names, sources, python, store)
        told = contents.manifest(folder, asked, built.values(), sources, python)
        told.write(folder)
        pins.write(folder, told.wheels)
        contents.lay_out_papers(folder, told)
        texts.write(folder, told, python.platform)
        sbom.write(folder, told, python)
        sums.write(folder)
        if wrong := verify(folder).findings:
            raise BundleError("\n".join(f"{each.file}: {each.what}" for each in wrong))
        final = into / _name(asked, told.version, python)
        shutil.rmtree(final, ignore_errors=True)
        return folder.rename(final)


def _asked(adapters: Sequence[str], *, desk: str | None, window: bool) -> list[str]:
    """The distributions that are meant, as requirements."""
    asked = [f"lockwright-{each}" for each in adapters]
    if desk:
        asked.append(DESK if desk == "1" else f"{DESK}[{desk}]")
    if window:
        asked.append(WINDOW)
    if not asked:
        raise BundleError('name adapters, as in ADAPTERS="jacarta softhsm", DESK=1 or WINDOW=1')
    extras: dict[str, set[str]] = {}
    for each in asked:
        found = _bare(each)
        extras.setdefault(found.name, set()).update(found.extras)
    return [f"{name}[{','.join(sorted(of))}]" if of else name for name, of in extras.items()]


def _bare(asked: str) -> Requirement:
    """A requirement of a name and extras alone: the commit says which version it is."""
    try:
        found = Requirement(asked)
    except InvalidRequirement:
        found = None
    if found is None or found.specifier or found.url or found.marker:
        raise BundleError(f"{asked.removeprefix('lockwright-')} is no name of an adapter")
    return found


def _name(asked: Sequence[str], version: str, python: Python) -> str:
    """The folder's name: what it is of, and for which Python and system."""
    parts = [Requirement(each).name.removeprefix("lockwright-") for each in asked]
    system = python.platform.replace("-", "_").replace(".", "_")
    return f"lockwright-{version}-{'-'.join(parts)}-cp{python.python.replace('.', '')}-{system}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bundle", description=__doc__)
    parser.add_argument(
        "adapters",
        nargs="*",
        metavar="ADAPTER",
        help="jacarta, softhsm, ...; softhsm[pykcs11] with an extra",
    )
    parser.add_argument(
        "--desk",
        metavar="EXTRA",
        nargs="?",
        const="1",
        help="the desk; --desk postgresql with that extra",
    )
    parser.add_argument("--window", action="store_true", help="the client's window, with Qt")
    parser.add_argument(
        "--python", default="python3", help="the Python that it is made with and for"
    )
    parser.add_argument("--revision", default="HEAD", help="the commit that it is made of")
    parser.add_argument(
        "--into",
        type=Path,
        default=REPOSITORY / "build" / "bundles",
        help="where its folder goes; build/bundles",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
