"""What our wheels depend on, as locked: each file by a hash that is in this repository."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bundling.failing import BundleError, run
from bundling.python import Python
from bundling.sources import Sources

LOCKS = ("runtime", "desk", "window")
_START = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^ ;\\]+)")
_NONE = re.compile(
    r"(?:No matching distribution found for"
    r"|no matching distributions available for your environment:)\s+(?P<name>\S+)"
)
"""How pip says that there is no wheel: of what was asked for, and of what that depends on."""
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def locked(sources: Sources, locks: Iterable[str] = LOCKS) -> dict[str, str]:
    """A line of requirements for each locked distribution, version and hashes, by its name."""
    found: dict[str, str] = {}
    for lock in locks:
        text = sources.lock(lock).read_text(encoding="utf-8")
        for block in re.split(r"\n(?=[A-Za-z0-9])", text):
            if start := _START.match(block):
                name = canonicalize_name(start["name"])
                hashes = " ".join(_HASH.findall(block))
                found[name] = f"{start['name']}=={start['version']} {hashes}"
    return found


def needed(
    asked: Iterable[str],
    built: Mapping[str, Path],
    sources: Sources,
    python: Python,
    locks: Iterable[str] = LOCKS,
) -> list[str]:
    """The names of what our wheels depend on, directly or not, for this Python and system.

    Args:
        asked: requirements that name distributions of ours, extras included.
        built: the wheels of all of ours that are needed.
        sources: what locks them.
        python: the Python that they are needed on.
        locks: by which files of requirements/.

    Raises:
        BundleError: the locked versions do not go together, or one has no wheel.
    """
    lines = [
        f"{requirement} @ {built[canonicalize_name(requirement.name)].resolve().as_uri()}"
        for requirement in map(Requirement, asked)
    ]
    lines.append(f"lockwright @ {built['lockwright'].resolve().as_uri()}")
    pins = [line.split(" --hash")[0] for line in locked(sources, locks).values()]
    with tempfile.TemporaryDirectory(prefix="lockwright-bundle-") as name:
        folder = Path(name)
        (folder / "asked.txt").write_text("".join(f"{line}\n" for line in lines))
        (folder / "constraints.txt").write_text("".join(f"{pin}\n" for pin in pins))
        report = folder / "report.json"
        command = (
            *(python.program, "-m", "pip", "install", "--dry-run"),
            *("--ignore-installed", "--only-binary", ":all:", "--report", report),
            *("--requirement", folder / "asked.txt", "--constraint", folder / "constraints.txt"),
        )
        _run(command, "asking what is needed", python)
        chosen = json.loads(report.read_text(encoding="utf-8"))["install"]
    names = [canonicalize_name(each["metadata"]["name"]) for each in chosen]
    return sorted(name for name in names if name not in built)


def fetch(
    names: Iterable[str],
    sources: Sources,
    python: Python,
    into: Path,
    locks: Iterable[str] = LOCKS,
) -> None:
    """Download the wheels of locked distributions, each checked against its hashes.

    Raises:
        BundleError: one is not locked, has no wheel for this Python and system, or is another
            file than was locked.
    """
    lines = locked(sources, locks)
    if missing := sorted(set(names) - lines.keys()):
        raise BundleError(f"not locked: {', '.join(missing)}; run `make lock`")
    with tempfile.TemporaryDirectory(prefix="lockwright-bundle-") as folder:
        pins = Path(folder) / "pins.txt"
        pins.write_text("".join(f"{lines[name]}\n" for name in names))
        command = (
            *(python.program, "-m", "pip", "download", "--quiet", "--no-deps"),
            *("--only-binary", ":all:", "--require-hashes", "--requirement", pins),
            *("--dest", into),
        )
        _run(command, "fetching the locked wheels", python)


def _run(command: Sequence[str | Path], doing: str, python: Python) -> None:
    """Run pip, and say it plainly where it found no wheel."""
    reason = ""
    try:
        run(command, doing=doing)
    except BundleError as error:
        found = _NONE.search(error.said)
        if found is None:
            raise
        reason = (
            f"{found['name']} has no wheel for Python {python.python} on {python.platform}, "
            "where pip is set up to look.\n"
            "A bundle holds wheels alone, and none of other people's software is built for it: "
            "choose a Python that has one (PYTHON=...), or leave out what needs it."
        )
    if reason:
        raise BundleError(reason)
